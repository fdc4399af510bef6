"""Lines: what the portal itself says in a thread when something happened to its entry. It counts as nobody's word."""
