"""What the portal tells people away from its screens: letters so far, and the channels that carry them.

Not what happened (each room's events), and not who may know it: a letter goes to the person it is about.
"""
