"""Customers, cases, resolutions, authority gaps and incidents.

What must stay true: a resolution is never changed or deleted; the same request has one effect;
nobody resolves a case in which they are the customer. All amounts are in the division's currency.
"""

from resolutions.models.cases import Case, CaseState, Conclusion, Contact
from resolutions.models.customers import Customer
from resolutions.models.gaps import AuthorityGap
from resolutions.models.incidents import Incident
from resolutions.models.requests import FollowUp, Submission
from resolutions.models.resolutions import Resolution

__all__ = [
    "AuthorityGap",
    "Case",
    "CaseState",
    "Conclusion",
    "Contact",
    "Customer",
    "FollowUp",
    "Incident",
    "Resolution",
    "Submission",
]
