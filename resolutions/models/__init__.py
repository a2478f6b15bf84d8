"""Customers, cases, resolutions and authority gaps.

What must stay true: a resolution is never changed or deleted; the same request has one effect;
nobody resolves a case in which they are the customer. All amounts are in the division's currency.
"""

from resolutions.models.cases import Case, CaseState, Conclusion, Contact
from resolutions.models.customers import Customer
from resolutions.models.gaps import AuthorityGap
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
    "Resolution",
    "Submission",
]
