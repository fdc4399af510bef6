"""What every room stands on: errors, clock, ids, events, paging and the shared vocabulary.

A closed list. It knows no room, no database and no web.
"""
