"""What many say together: communities searched by words and counted, and how all machines of a model are.

It reads rooms below it and writes nothing. What it counts is about five owners or more, so that it is about nobody.
"""
