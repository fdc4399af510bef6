"""What people send along with their words, as files: what it is, cleaned of what it tells in secret, and kept on disk.

Not what a file hangs on, nor who may open it: rooms downstream hang files on what they know.
"""
