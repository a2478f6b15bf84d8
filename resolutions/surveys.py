"""What a customer answers: one score a mail, and a few words if they like.

What must stay true: opening a link writes nothing; what a person said is never changed or thrown
away by a program; what is told by a page alone counts only while nothing speaks against a person.

The tap in the mail counts, as the customer has said something by it and may never look at the page
that opens. But mail servers follow links too, to see what is behind them, long before a person
does. So:

- GET and HEAD only show. Most scanners do no more than that, and are none the wiser.
- The page that opens sends the score of its link by itself, with a script: at the first sign of a
  person (a finger, a key, the wheel, scrolling), when it is left, or when it was looked at for two
  seconds; never in a browser that says it is driven by a program. This is `by_hand=False`.
- Some scanners run scripts, in a browser that does not say so. They follow all links: a person does
  not send several scores within moments, and nobody sees the link that is hidden in the mail. When
  that happens a program was there: `scanned_at` is kept, what was sent so far without a hand is
  thrown away, and from then on only a hand counts.
- A finger, a key or a click that the browser itself vouches for (`isTrusted`; a script can make
  none) is a hand, and so is a form that arrives from a page without scripts. What was said by hand
  is changed by a hand only: a scanner may come back weeks later.

So a person whose mail was scanned taps twice instead of once, and is told so on the page. What is
left: a scanner that runs scripts, follows one score alone, and stays. And whoever goes back to the
mail within moments to tap another number is taken for one, and asked for that second tap.

A low score comes to the list of what is looked at: at once if it was said by hand, and else when
the moments have passed in which it may turn out to be a program's (`list_low_scores`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from resolutions.checks import Errors, checked_words
from resolutions.errors import InvalidCase
from resolutions.models import Aspect, Case, FollowUp, SurveyResponse
from resolutions.reviews import owe_review_of_low_score, owe_reviews_of_low_scores
from resolutions.survey_links import SCORES, refuse_old_link

MOMENTS = timedelta(minutes=2)
LOOKED_BACK = timedelta(days=7)  # for how long the workers may have been away
LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer that was read; None leaves what was said before."""

    score: int
    aspect: str | None
    comment: str | None


def answer(
    follow_up: FollowUp,
    *,
    score: int | str,
    aspect: str | None = None,
    comment: str | None = None,
    by_hand: bool,
    at: datetime | None = None,
) -> SurveyResponse | None:
    """Keep what a customer answers, or now answers instead. Returns what stands after it.

    That may be what stood before, or nothing: what was not done by hand does not always count.
    Without `aspect` or `comment` what they said of it before stays. Raises InvalidCase, naming
    each field, and LinkTooOld.
    """
    said = _checked(score, aspect, comment)
    at = at or timezone.now()
    refuse_old_link(follow_up, at=at)
    with transaction.atomic():
        mail, stands = _locked(follow_up)
        _mark_arrived(mail, at)
        if not by_hand:
            if mail.scanned_at is not None or (stands is not None and stands.by_hand):
                return stands
            if stands is not None and _within_moments(stands, said, at):
                _throw_away(mail, at)
                return None
        kept = _keep(mail, stands, said, by_hand=by_hand, at=at)
        if by_hand and kept.score <= SurveyResponse.LOW:
            owe_review_of_low_score(follow_up.case, at=at)
        return kept


def list_low_scores(*, at: datetime) -> None:
    """Have the low scores of the last days looked at that no program has given; three queries."""
    said = SurveyResponse.objects.filter(
        standing(at),
        score__lte=SurveyResponse.LOW,
        changed_at__gte=at - LOOKED_BACK,  # they may have answered long before
    )
    cases = Case.objects.filter(pk__in=said.order_by().values("follow_up__case"))
    owe_reviews_of_low_scores(cases, at=at)


def standing(at: datetime) -> Q:
    """The answers that no program will turn out to have given."""
    return Q(by_hand=True) | Q(changed_at__lte=at - MOMENTS)


def followed_by_a_program(follow_up: FollowUp, *, at: datetime | None = None) -> None:
    """The link that nobody sees was followed, and its page's script was run."""
    with transaction.atomic():
        mail, _ = _locked(follow_up)
        if mail.scanned_at is None:
            _throw_away(mail, at or timezone.now())


def read_score(score: int | str) -> int | None:
    """A score from 1 to 5 as it was sent, or None for anything else."""
    return {str(number): number for number in SCORES}.get(str(score).strip())


def _locked(follow_up: FollowUp) -> tuple[FollowUp, SurveyResponse | None]:
    """The mail and its answer as they are now; nobody else answers it meanwhile."""
    mail = FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    return mail, SurveyResponse.objects.filter(follow_up=mail).first()


def _mark_arrived(mail: FollowUp, at: datetime) -> None:
    """Whoever answers a mail has had it, whatever became of its sender: it is not sent again."""
    if mail.sent_at is None:
        customer = mail.case.customer
        mail.sent_at, mail.not_asked = at, ""
        mail.address = customer.email if customer else ""
        mail.save(update_fields=["sent_at", "not_asked", "address"])


def _within_moments(stands: SurveyResponse, said: _Said, at: datetime) -> bool:
    return stands.score != said.score and at < stands.changed_at + MOMENTS


def _throw_away(mail: FollowUp, at: datetime) -> None:
    """A program was there: what was not said by hand was not said."""
    mail.scanned_at = at
    mail.save(update_fields=["scanned_at"])
    SurveyResponse.objects.filter(follow_up=mail, by_hand=False).delete()


def _keep(
    mail: FollowUp, stands: SurveyResponse | None, said: _Said, *, by_hand: bool, at: datetime
) -> SurveyResponse:
    """Write what was said, or what is said now; `at` stays when it was said first."""
    kept = stands or SurveyResponse(follow_up=mail, at=at)
    kept.score, kept.changed_at = said.score, at
    kept.by_hand = kept.by_hand or by_hand
    if said.aspect is not None:
        kept.aspect = said.aspect
    if said.comment is not None:
        kept.comment = said.comment
    changing = ["score", "aspect", "comment", "by_hand", "changed_at"]
    kept.save(update_fields=None if stands is None else changing)
    return kept


def _checked(score: int | str, aspect: str | None, comment: str | None) -> _Said:
    """The answer, read. Raises InvalidCase with everything that is wrong with it."""
    errors: Errors = {}
    if (number := read_score(score)) is None:
        errors["score"] = ["Pick a number from 1 (not at all) to 5 (entirely)."]
    if aspect and aspect not in Aspect.values:
        errors["aspect"] = [f"Pick one of {', '.join(Aspect.values)}, or none."]
    if comment is not None:
        comment = comment.replace("\r\n", "\n").strip()
    if comment:
        try:
            comment = checked_words("comment", comment, missing="", longest=LONGEST_COMMENT)
        except InvalidCase as refusal:
            errors |= refusal.errors
    if errors or number is None:
        raise InvalidCase(errors)
    return _Said(number, aspect, comment)
