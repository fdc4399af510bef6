"""Claims: one-time secrets that the operator makes for a machine in stock, and the act of taking it with one.

Not the label on the machine, which everybody may photograph (labels), and not a sale between customers (a transfer).
"""
