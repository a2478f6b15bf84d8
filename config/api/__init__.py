"""The REST API as a whole: its addresses, and how it answers when something is not right."""
