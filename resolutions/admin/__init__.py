"""The manager's look at cases: what was told, what was given, and what could not be given."""

from resolutions.admin import cases, customers, gaps, incidents, panels, resolutions

__all__ = ["cases", "customers", "gaps", "incidents", "panels", "resolutions"]
