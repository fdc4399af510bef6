"""What the edges share: the actor from a request, CSRF, limits, the error table, view models, words and numbers. No routes."""
