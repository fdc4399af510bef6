"""What answered an entry: answers that were accepted, and fixes that were applied and are watched by the machine.

Not what is said in a thread: that is discussion. Not how a condition ends by itself: that is conditions.
"""
