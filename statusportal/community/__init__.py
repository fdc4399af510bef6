"""The community of a model: what owners share with each other, anonymised, and what they answer under an alias.

A publication is a copy under a random id that names no organisation, no device and no person. Who is behind it stands
in rows of their own organisation, which nobody else is shown. It is not the thread: that is discussion.
"""
