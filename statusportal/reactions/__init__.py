"""Reactions: one word that a reader leaves at a comment without writing one. What a comment says is discussion's."""
