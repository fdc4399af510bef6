"""Articles: what an accepted answer taught, kept for the model, and on how many machines it helped.

Not the answer itself, nor the watching of a fix: that is answers. Not the maker's advice for a code: that is catalogue.
"""
