"""The passage of samples and of time: what moves the statuses of devices by itself, and tells history again.

What a status is, and how it is kept and read, is the room `status`.
"""
