"""What would have happened: a rule, or a whole model, tried on what real devices sent, before anybody keeps it.

It judges nothing by itself: the rules that judge live are run over stored samples. It changes nothing.
"""
