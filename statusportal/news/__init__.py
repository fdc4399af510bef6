"""News: what happened that somebody wants to hear of, on a page of theirs and by letter.

It plans who is told what, and why, and asks each one's rights when it plans, when it shows and when it sends. Not who
wants to hear (following), and not how a letter travels (notifications).
"""
