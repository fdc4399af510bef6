"""Share links: one entry or one device opened to whoever holds an address, for a time, on its maker's behalf.

It says who opens what and why it died; what an opened link lets its holder read is the business of the rooms that keep
the thing. It knows no cookies and no addresses.
"""
