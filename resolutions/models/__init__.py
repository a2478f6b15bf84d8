"""Customers, cases, resolutions, surveys, reviews, authority gaps, incidents, and trials.

What must stay true: a resolution is never changed or deleted; the same request has one effect;
nobody resolves a case in which they are the customer; a gap has one answer. All amounts are in the
division's currency.
"""

from resolutions.models.cases import Case, CaseState, Conclusion, Contact
from resolutions.models.customers import Customer
from resolutions.models.gaps import AnswerKind, AuthorityGap, GapAnswer
from resolutions.models.incidents import Incident
from resolutions.models.requests import Submission
from resolutions.models.resolutions import Resolution
from resolutions.models.reviews import Review, ReviewOutcome, ReviewReason
from resolutions.models.surveys import Aspect, FollowUp, NotAsked, SurveyOptOut, SurveyResponse
from resolutions.models.trials import Trial, TrialDifference, TrialState

__all__ = [
    "AnswerKind",
    "Aspect",
    "AuthorityGap",
    "Case",
    "CaseState",
    "Conclusion",
    "Contact",
    "Customer",
    "FollowUp",
    "GapAnswer",
    "Incident",
    "NotAsked",
    "Resolution",
    "Review",
    "ReviewOutcome",
    "ReviewReason",
    "Submission",
    "SurveyOptOut",
    "SurveyResponse",
    "Trial",
    "TrialDifference",
    "TrialState",
]
