"""Work that is planned on machines: windows in which they may misbehave, and visits that somebody makes.

It knows who has which device, and nothing of health: what planned work silences and what it leaves out of availability,
the rooms say that derive and count.
"""
