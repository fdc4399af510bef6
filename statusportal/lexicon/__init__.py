"""Words as the archive files and finds them: folding, stems in two languages, tags, rank and excerpt. All of it pure.

Not the index (search), and not what a text means.
"""
