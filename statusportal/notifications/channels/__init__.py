"""One file a channel, behind one port."""
