"""Reports in the admin: how it was before Leeway, who gets the monthly report, and who got it."""

from reports.admin import baselines, deliveries, preferences

__all__ = ["baselines", "deliveries", "preferences"]
