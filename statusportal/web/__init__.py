"""The pages: templates, their assets, and the routes that fill them with view models."""
