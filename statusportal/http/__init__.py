"""What the edges share: the actor from a request, CSRF, limits, the error table, presenters. No routes."""
