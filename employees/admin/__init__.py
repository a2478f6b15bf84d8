"""The manager's door: divisions, teams, tiers and people in the admin, and what all admins share.

`base.py` is what every page keeps to: one sees and edits one's own
division only, nobody edits themselves, and changes say why.
"""

from employees.admin import divisions, people, teams, tiers

__all__ = ["divisions", "people", "teams", "tiers"]
