"""The API's door: tokens, and who stands behind one."""
