"""The API's doors to cases: asking what can be given, and giving it."""
