"""What a sample says about a rule: one judge a kind of rule, each remembering no more of the past than it needs.

How verdicts become conditions in time is the work of rules.
"""
