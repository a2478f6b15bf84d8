"""The agents' pages: the desk, the case form and the case."""
