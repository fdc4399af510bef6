"""Wire formats, all pure: bytes in, readings and stated rejects out. They open nothing and ask no clock."""
