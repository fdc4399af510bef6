"""How the portal talks with an OpenID Connect provider: its description, its keys, its tokens, and what they vouch for.

Which organisation has which provider, and who is who here, is not known in this room (federation).
"""
