"""Closing a month: which entries a close holds, when it may be made, and what it will hold."""
