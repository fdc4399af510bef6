"""How somebody proves who they are: passwords, sessions and personal tokens.

Not who there is and where they belong (accounts), and not what they may do (each room's policy).
"""
