"""Why a status is what it is: reasons as plain values, and the one or two sentences in which a person reads them.

Not what the status is: that is derivation.
"""
