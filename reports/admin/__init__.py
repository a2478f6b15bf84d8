"""Reports in the admin: how it was before Leeway, and who gets the monthly report by mail."""

from reports.admin import baselines, preferences

__all__ = ["baselines", "preferences"]
