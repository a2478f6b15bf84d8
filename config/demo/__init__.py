"""The demo: three divisions of one group, and half a year of their cases."""
