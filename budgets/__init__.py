"""Whose money it is and where it went."""
