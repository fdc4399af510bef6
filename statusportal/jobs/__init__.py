"""What runs beside the requests: the follower, the expiry queue, the outbox."""
