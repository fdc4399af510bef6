"""What people write: whether it can be kept, and how it stands on a page safely. Every room that takes words uses it.

Not what the words are about, nor who may read them: that is their own rooms' matter.
"""
