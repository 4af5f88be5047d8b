"""The author's workshop: one definition, checked on every save and played as anybody in it."""
