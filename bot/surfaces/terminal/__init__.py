"""The chat in a terminal or a pipe; needs no token."""
