"""Calls out of the portal: where one may go, and how it is carried out so that nothing leads it elsewhere.

What is called, why, and what becomes of the answer is each room's own affair.
"""
