"""STUB local only."""


def attach_live(app, works):
    return None
