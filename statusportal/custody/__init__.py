"""Who has a device and who may look at it: handing over, and letting others in.

The rows and the predicates stand in fleet, which everything reads; here are the verbs and what they ask of people.
"""
