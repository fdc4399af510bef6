"""Where each rule that judges a device stands now: calm, pending, active, recovering, without data, or beyond judging.

It derives nothing and keeps nothing: it reads what derivation remembers, for those who may look at the device now. What
people do about a condition is conditions.
"""
