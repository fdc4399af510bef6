"""Seeing as a customer: a session of support reads for a while with one customer's rights, and writes nothing.

It says who looked as whom, why and until when, and gives the actor with whose eyes a session reads. What that actor may
read is the business of the other rooms, which know nothing of it.
"""
