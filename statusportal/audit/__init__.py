"""The append-only log of who did what. Rows hold ids and codes, never names, mails or text, and no foreign keys."""
