"""A case as it is told: what went wrong, for whom, and what was said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random

from config.demo.asking import failed_before
from config.demo.customers import Crowd, Regular, digits
from config.demo.draw import channel, facts_told, note, order_value
from config.demo.plan import Scene
from config.demo.timetable import Told
from policies.facts import FactValue, read_value
from policies.rules import Rulebook
from resolutions.models import Case, Resolution
from resolutions.problem import local_day, stored_facts


@dataclass(eq=False, slots=True)
class Happening:
    """A case as it goes on, with all that decides in it."""

    told: Told
    scene: Scene
    case: Case
    facts: Mapping[str, FactValue]
    regular: Regular | None
    given: list[Resolution] = field(default_factory=list)


def open_case(told: Told, rulebook: Rulebook, crowd: Crowd, random: Random) -> Happening:
    """Draw a case, or take the scripted one; its customer remembers it."""
    days, script = told.founded.plan.days, told.script
    scenes = [s for s in days.scenes if script is None or s.reason == script.reason]
    (scene,) = random.choices(scenes, [s.weight for s in scenes])
    asked = next(r.facts for r in rulebook.reasons if r.code == scene.reason)
    if script is None:
        regular = crowd.who(told.employee, told.at, random)
        facts = facts_told(scene, asked, random)
    else:
        regular = crowd.someone_new()
        facts = {fact.key: read_value(fact, script.facts[fact.key]) for fact in asked}
    age = timedelta(days=random.randint(*days.order_age))
    case = Case(
        division=told.founded.division,
        team=told.employee.team,
        tier=told.employee.tier,
        customer=regular.customer if regular else None,
        reason_code=told.founded.reasons[scene.reason],
        channel=channel(told.tier, random),
        order_reference=digits(days.orders, random),
        order_value=Decimal(script.order_value) if script else order_value(scene, random),
        order_date=local_day(told.at, told.employee.zone) - age,
        facts=stored_facts(facts),
        note=script.note if script else note(scene, random),
        opened_by=told.employee,
        opened_at=told.at,
    )
    case.second_failure = failed_before(regular, case)
    if regular is not None:
        crowd.remember(regular, case)
    return Happening(told, scene, case, facts, regular)
