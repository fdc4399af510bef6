"""What follows a condition: the portal opens an entry for it, and people have seen it or put it aside for a while.

What a condition is, and when it is active, `status` derives; here nothing changes that. To acknowledge and to shelve
are apart: who has seen a thing has not silenced it. What rests keeps its status, for a status must be true; the portal
only keeps quiet about it: it opens no entry and says nothing again.
Source: IEC 62682 (2022) and ISA-18.2 (2016), acknowledged, shelved, out of service; OPC UA Part 9, 5.8.
"""
