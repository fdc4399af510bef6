"""Tables as bytes: one file a format."""
