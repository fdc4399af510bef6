"""What stands around a device when it is judged: its model's rules, with its own limits, made ready once a revision.

Not what is made of samples with them: that is derivation.
"""
