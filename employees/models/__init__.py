"""Who works here, and how far their word goes."""

from employees.models.checks import not_blank
from employees.models.divisions import Division, Team, validate_time_zone
from employees.models.owed_mails import OwedMail
from employees.models.people import Employee, Role
from employees.models.tiers import AuthorityTier

__all__ = [
    "AuthorityTier",
    "Division",
    "Employee",
    "OwedMail",
    "Role",
    "Team",
    "not_blank",
    "validate_time_zone",
]
