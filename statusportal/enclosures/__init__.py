"""Files that hang on comments: sent under an entry by who may talk there, and opened through what holds them alone.

Not what a file is nor where its bytes lie: that is the room `attachments`.
"""
