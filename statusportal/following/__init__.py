"""Follows: who wants to hear of a machine, an entry or a model, how closely, and why the portal thinks so.

Not what they are told and how (notifications), and no right: a follow opens nothing, and falls silent where rights end.
"""
