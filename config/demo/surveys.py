"""Whom the half year's mails asked how it went, and what they answered.

The mails went out as `resolutions.followup` sends them: a day after a case was put right, once in
thirty days, and to nobody who wanted no more. (From today on the demo asks at once and after each
case, so that one can look at it.) Two in five answer; most are content. Who had to tell it again,
was handed over or had the same trouble before is less so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from config.demo.days import Calendar
from resolutions.models import (
    Aspect,
    Case,
    CaseState,
    Conclusion,
    Contact,
    FollowUp,
    NotAsked,
    Resolution,
    SurveyOptOut,
    SurveyResponse,
)

ASKED_AFTER = timedelta(hours=24)
ONCE_IN = timedelta(days=30)
ANSWERS = 0.41
BY_HAND = 0.7  # the others tapped in the mail and looked no further
SAYS_WHAT_ABOUT = 0.45
SAYS_MORE = 0.3
WANTS_NO_MORE = 0.008
CONTENT = 4
SMOOTH = {5: 57, 4: 29, 3: 8, 2: 3, 1: 3}
ROUGH = {5: 22, 4: 27, 3: 22, 2: 15, 1: 14}
TOOK_LONG = timedelta(hours=20)
ABOUT = {
    True: {Aspect.REMEDY: 4, Aspect.PERSON: 5, Aspect.SPEED: 4, Aspect.OTHER: 1},
    False: {Aspect.AGAIN: 5, Aspect.SPEED: 4, Aspect.REMEDY: 4, Aspect.OTHER: 2},
}

# What they write: who is content, and who is not.
WORDS: Mapping[str, Mapping[bool, Sequence[str]]] = {
    "forno": {
        True: (
            "The driver sorted it out on the doorstep. I did not have to call anybody.",
            "New pizza in twenty minutes and it was the right one. Thanks!",
            "Did not expect a free one. We will order again.",
            "He said sorry and meant it.",
            "My kids got their dinner after all.",
        ),
        False: (
            "Second time in two weeks. A voucher does not make it warm.",
            "I had to explain it three times.",
            "The new pizza was cold, too.",
            "Nice driver, but we ate at ten.",
        ),
    },
    "orchard": {
        True: (
            "Kept the loaf and got the money back. Very fair.",
            "The driver took it off the bill there and then.",
            "So easy. I had expected a form.",
            "Lovely lady on the phone, she knew what I meant at once.",
        ),
        False: (
            "The substitute had nuts in it. Money is not the point.",
            "It was damaged again this week.",
            "Waited in all afternoon for the second delivery.",
            "Two people asked me for the same photo.",
        ),
    },
    "scm": {
        True: (
            "Credited while I was still on the line. Good on you.",
            "First time a phone company said sorry before I asked.",
            "He could just decide it. No supervisor, no hold music.",
            "Fee gone in two minutes.",
        ),
        False: (
            "The same wrong charge is on the next bill.",
            "Third call about the same outage.",
            "The credit is fine. Data is still slow after six.",
            "I was passed on and had to begin from the start.",
        ),
    },
}


@dataclass(slots=True)
class Asked:
    """The mails of the half year and what came of them, in the order in which they were due."""

    mails: list[FollowUp] = field(default_factory=list)
    answers: list[SurveyResponse] = field(default_factory=list)
    opt_outs: list[SurveyOptOut] = field(default_factory=list)
    _last: dict[tuple[int, str], datetime] = field(default_factory=dict)
    _left: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def ask(self, case: Case, due: datetime, calendar: Calendar) -> FollowUp:
        """A mail that is sent when it is due, still owed, or not sent for a reason."""
        mail = FollowUp(case=case, due_at=due, not_asked="")
        self.mails.append(mail)
        if due >= calendar.end or case.state == CaseState.OPEN:
            return mail
        who = _who(case)
        if case.state != CaseState.PUT_RIGHT:
            mail.not_asked = NotAsked.NOT_PUT_RIGHT
        elif who in self._left and self._left[who] < due:
            mail.not_asked = NotAsked.NO_MORE
        elif who in self._last and self._last[who] + ONCE_IN > due:
            mail.not_asked = NotAsked.ASKED_LATELY
        else:
            self._last[who] = mail.claimed_at = mail.sent_at = due
            mail.address, mail.attempts = case.customer.email if case.customer else "", 1
        return mail

    def leave(self, case: Case, at: datetime) -> None:
        """Their customer wants no more of these mails."""
        who = _who(case)
        if who not in self._left:
            self._left[who] = at
            self.opt_outs.append(SurveyOptOut(division=case.division, email=who[1], at=at))


def ask_and_answer(
    resolutions: Sequence[Resolution],
    contacts: Sequence[Contact],
    conclusions: Sequence[Conclusion],
    *,
    calendar: Calendar,
    random: Random,
) -> Asked:
    """Ask who has an address, and draw what they answer."""
    asked = Asked()
    again = {contact.case for contact in contacts}
    escalated = {c.case for c in conclusions if c.state == CaseState.HANDED_OVER}
    for due, case in sorted(_due(resolutions, contacts), key=lambda mail: mail[0]):
        mail = asked.ask(case, due, calendar)
        if mail.sent_at is None or random.random() >= ANSWERS:
            continue
        at = mail.sent_at + timedelta(minutes=2 + random.expovariate(1 / 600))
        if at >= calendar.end:
            continue
        rough = case.second_failure or case in again or case in escalated or _took_long(case)
        asked.answers.append(_answer(mail, at, random, rough=rough))
        if random.random() < WANTS_NO_MORE:
            asked.leave(case, at)
    return asked


def _answer(mail: FollowUp, at: datetime, random: Random, *, rough: bool) -> SurveyResponse:
    weights = ROUGH if rough else SMOOTH
    (score,) = random.choices(list(weights), list(weights.values()))
    is_content = score >= CONTENT
    aspect, comment = "", ""
    if random.random() < SAYS_WHAT_ABOUT:
        about = ABOUT[is_content]
        (aspect,) = random.choices(list(about), list(about.values()))
    if random.random() < SAYS_MORE:
        comment = random.choice(WORDS[mail.case.division.code][is_content])
    by_hand = bool(aspect or comment) or random.random() < BY_HAND
    return SurveyResponse(
        follow_up=mail,
        score=score,
        aspect=aspect,
        comment=comment,
        by_hand=by_hand,
        at=at,
        changed_at=at,
    )


def _due(
    resolutions: Sequence[Resolution], contacts: Sequence[Contact]
) -> Iterator[tuple[datetime, Case]]:
    """When each case's mail is due: anew where the customer came back before it was sent."""
    came_back: dict[Case, list[datetime]] = {}
    for contact in contacts:
        came_back.setdefault(contact.case, []).append(contact.at)
    due: dict[Case, datetime] = {}
    for resolution in resolutions:  # in the order in which they were given
        case, at = resolution.case, resolution.at
        backs = came_back.get(case, [])
        if case not in due or any(back < due[case] and back < at for back in backs):
            due[case] = at + ASKED_AFTER
    for case, at in due.items():
        if case.customer is not None and case.customer.email:
            yield at, case


def _took_long(case: Case) -> bool:
    return case.ended_at is not None and case.ended_at - case.opened_at > TOOK_LONG


def _who(case: Case) -> tuple[int, str]:
    return case.division_id, case.customer.email.lower() if case.customer else ""
