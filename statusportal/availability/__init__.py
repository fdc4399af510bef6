"""How much of its time a machine was fit for use: by day, by month, and how often and for how long it broke down.

It counts what `status` derived and keeps nothing of its own. It judges no machine: what health means, and when it
changed, status says; what was planned, maintenance says.
"""
