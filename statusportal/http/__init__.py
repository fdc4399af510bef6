"""What the edges share: the actor from a request, limits, the error table, view models, words and numbers. No routes."""
