"""Plays half a year through: who was told what, what was decided and what it cost.

Decisions are taken by `policies.authority` with the real rulebook and money is moved by
`budgets.ledger`, so what is stored is what the program would have done on that day. Every draw
comes from one seeded source in a fixed order: the same today gives the same half year.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from config.demo.asking import limit_of, question
from config.demo.customers import Crowd
from config.demo.days import Calendar
from config.demo.draw import ask_for, channel, instead, usual_offers
from config.demo.found import Founded
from config.demo.given_back import Failures, NotCarriedOut
from config.demo.incidents import IncidentBegins, Incidents
from config.demo.opening import Happening, open_case
from config.demo.plan import Offer
from config.demo.purses import Purses
from config.demo.records import Records
from config.demo.timetable import MonthBegins, Told, script_begins
from employees.models import Employee
from policies.authority import Ask
from policies.decision import Decision, Verdict
from policies.rules import Rulebook
from resolutions.models import CaseState, Contact, Resolution
from resolutions.payers import Payers

STILL_OPEN = timedelta(hours=30)  # how fresh a case is that nobody has ended yet
LEFT_OPEN = 0.25  # … and how often
ACCEPTS = 0.9  # how often what is given instead is welcome
COMES_BACK = 0.05
SAME_PERSON = 0.6
GIVES_MORE = 0.65
FATES = {"given": 80, "too much": 6, "explained": 11, "handed over": 3}

Entry = tuple[datetime, int, Callable[[], None]]


class HalfYear:
    """Everything that happens, in the order in which it happens."""

    def __init__(
        self,
        calendar: Calendar,
        rulebooks: Mapping[str, Rulebook],
        crowds: Mapping[str, Crowd],
        random: Random,
    ) -> None:
        self.calendar = calendar
        self.rulebooks = rulebooks
        self.crowds = crowds
        self.random = random
        self.records = Records()
        self.purses = Purses()
        self.failures = Failures()
        self.incidents = Incidents()
        self._agenda: list[Entry] = []
        self._numbers = count()

    def play(self, events: Sequence[MonthBegins | IncidentBegins | Told]) -> Records:
        """Let it all happen; what follows from a case happens in its turn."""
        for event in events:
            match event:
                case MonthBegins():
                    self._at(event.at, self.purses.begin, event)
                case IncidentBegins():
                    self._at(event.at, self.incidents.begin, event)
                case Told():
                    self._at(event.at, self._told, event)
        while self._agenda:
            _, _, happens = heappop(self._agenda)
            happens()
        return self.records

    def _at(self, at: datetime, happens: Callable[..., None], *about: Any) -> None:
        """Let something happen at its time; what is due at once happens in the order of saying."""
        entry: Entry = (at, next(self._numbers), partial(happens, *about))
        heappush(self._agenda, entry)

    def _told(self, told: Told) -> None:
        crowd = self.crowds[told.founded.plan.code]
        happening = open_case(told, self._rulebook(told), crowd, self.random)
        happening.case.incident = self.incidents.of(happening.case)
        self.records.cases.append(happening.case)
        at = told.at + timedelta(seconds=self.random.randrange(18, 260))
        if told.script is not None:
            self._at(at, self._follow_script, happening, at)
        elif told.at < self.calendar.end - STILL_OPEN or self.random.random() > LEFT_OPEN:
            self._at(at, self._end, happening, at)

    def _follow_script(self, happening: Happening, at: datetime) -> None:
        script = happening.told.script
        rulebook = self._rulebook(happening.told)
        if script is None or not script.gives:
            self._close(happening, script.said if script else "", happening.told.employee, at)
            return
        remedies = [(rulebook.remedy(code), Decimal(measure)) for code, measure in script.gives]
        asks = [Ask(remedy, measure) for remedy, measure in remedies if remedy is not None]
        self._give(happening, asks, happening.told.employee, at, [""] * len(asks))

    def _end(self, happening: Happening, at: datetime) -> None:
        """How it goes on: most is put right; some is explained, and a little handed over."""
        random, scene = self.random, happening.scene
        (fate,) = random.choices(list(FATES), list(FATES.values()))
        match fate:
            case "explained":
                self._close(happening, random.choice(scene.explained), happening.told.employee, at)
            case "handed over":
                self._hand_over(happening, happening.told.employee, at)
            case "too much":
                self._try(happening, [random.choice(scene.beyond)], at)
            case _:
                self._try(happening, usual_offers(scene, happening.facts, random), at)
        back_at = at + timedelta(hours=random.randint(14, 96))
        if random.random() < COMES_BACK and back_at < self.calendar.end:
            self._at(back_at, self._comes_back, happening, back_at)

    def _try(self, happening: Happening, offers: Sequence[Offer], at: datetime) -> None:
        """Give it; where the rules refuse, give what is possible instead."""
        employee = happening.told.employee
        asks = [self._ask(happening, offer) for offer in offers]
        refused = self._give(happening, asks, employee, at, [o.description for o in offers])
        if refused is None:
            return
        at += timedelta(seconds=self.random.randrange(10, 90))
        self._at(at, self._give_something_else, happening, refused, at)

    def _give_something_else(self, happening: Happening, refused: Decision, at: datetime) -> None:
        """What the rules allow instead; or someone else has to help."""
        employee = happening.told.employee
        other = instead(refused, happening.scene, self.random)
        if other is not None and self.random.random() < ACCEPTS:
            self._give(happening, [other], employee, at, [""])
        if happening.case.state == CaseState.OPEN:
            self._hand_over(happening, employee, at)

    def _give(
        self,
        happening: Happening,
        asks: Sequence[Ask],
        employee: Employee,
        at: datetime,
        descriptions: Sequence[str],
    ) -> Decision | None:
        """Decide, and give all of it or nothing. Returns the first refusal, if there is one."""
        told, case = happening.told, happening.case
        request_id = UUID(int=self.random.getrandbits(128), version=4)
        payers = Payers(self.purses.of(employee, at), case.incident)
        about = question(
            case,
            happening.facts,
            happening.regular,
            happening.given,
            employee=employee,
            limit=limit_of(told.founded, told.tier, at, self.calendar),
            budget=payers.month,
            at=at,
        )
        decisions, payer = payers.decide(self._rulebook(told), about, asks)
        refused = next((d for d in decisions if d.verdict == Verdict.OUTSIDE), None)
        if refused is not None:
            self.records.refused(case, decisions, employee, asked=about, request_id=request_id)
            return refused
        entries = self.purses.charge(decisions, employee, payer=payer, at=at, request_id=request_id)
        made = self.records.given(
            case,
            decisions,
            entries,
            employee,
            descriptions=descriptions,
            at=at,
            request_id=request_id,
        )
        happening.given += made
        if happening.regular is not None:
            happening.regular.given += made
        if failed := self.failures.among(happening, made):
            back_at = at + failed[1].after
            self._at(back_at, self._give_back, happening, *failed, back_at)
        return None

    def _give_back(
        self, happening: Happening, resolution: Resolution, why: NotCarriedOut, at: datetime
    ) -> None:
        """It could not be carried out after all: its money goes back, and it counts no more."""
        if at >= self.calendar.end:
            return
        self.purses.give_back(resolution, reason=why.reason, at=at)
        happening.given.remove(resolution)
        if happening.regular is not None:
            happening.regular.given.remove(resolution)

    def _comes_back(self, happening: Happening, at: datetime) -> None:
        """The customer calls again, and whoever is there takes the same case up."""
        random, told, case = self.random, happening.told, happening.case
        employee = self._takes_up(happening, at)
        note = random.choice(told.founded.plan.days.came_back)
        self.records.contacts.append(
            Contact(
                case=case, employee=employee, channel=channel(told.tier, random), note=note, at=at
            )
        )
        case.state, case.ended_at = CaseState.OPEN, None
        at += timedelta(seconds=random.randrange(40, 400))
        self._at(at, self._end_again, happening, employee, at)

    def _end_again(self, happening: Happening, employee: Employee, at: datetime) -> None:
        """More is given, or words were enough this time."""
        random, case = self.random, happening.case
        if random.random() < GIVES_MORE:
            offers = usual_offers(happening.scene, happening.facts, random)[:1]
            asks = [self._ask(happening, offer) for offer in offers]
            self._give(happening, asks, employee, at, [o.description for o in offers])
        if case.state == CaseState.OPEN:
            self._close(happening, random.choice(happening.scene.explained), employee, at)

    def _takes_up(self, happening: Happening, at: datetime) -> Employee:
        """Often the one who knows the case; otherwise a colleague with the same tier."""
        told, customer = happening.told, happening.case.customer
        known_as = customer.reference if customer else None
        there = [
            person
            for person in told.founded.people.values()
            if (person.tier, person.team) == (told.employee.tier, told.employee.team)
            and person.customer_reference != known_as
            and not self._is_scripted(person, told.founded, at)
        ]
        if told.employee in there and self.random.random() < SAME_PERSON:
            return told.employee
        return self.random.choice(there)

    def _is_scripted(self, person: Employee, founded: Founded, at: datetime) -> bool:
        return person is founded.first and at >= script_begins(founded, self.calendar)

    def _close(self, happening: Happening, said: str, employee: Employee, at: datetime) -> None:
        self.records.concluded(happening.case, CaseState.CLOSED, employee, at=at, words=said)

    def _hand_over(self, happening: Happening, employee: Employee, at: datetime) -> None:
        to, why = self.random.choice(happening.told.founded.plan.days.handed_over)
        self.records.concluded(
            happening.case, CaseState.HANDED_OVER, employee, at=at, words=why, to=to
        )

    def _ask(self, happening: Happening, offer: Offer) -> Ask:
        told, order = happening.told, happening.case.order_value
        return ask_for(offer, self._rulebook(told), order, told.tier.amounts, self.random)

    def _rulebook(self, told: Told) -> Rulebook:
        return self.rulebooks[told.founded.plan.code]
