"""What the edges share: the actor of a request, limits, errors, view models, words and numbers. No routes."""
