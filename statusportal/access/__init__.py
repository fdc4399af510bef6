"""Who acts and what they may: the actor, the permissions, the rows that rooms declare, and `require`."""
