"""`tenure starter`: the smallest talent management that works, and how far it is."""
