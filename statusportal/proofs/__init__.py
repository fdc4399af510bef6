"""What somebody has beside a password: an app that makes codes, recovery codes, passkeys, and who must have one.

Not passwords, sessions and tokens (identity), and not who belongs where (accounts).
"""
