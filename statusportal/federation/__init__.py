"""Identity providers: who vouches for an organisation's people elsewhere, and which of their identities is who here.

Not passwords and sessions (identity), and not what people carry beside a password (proofs).
"""
