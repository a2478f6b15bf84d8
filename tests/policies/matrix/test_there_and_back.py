"""A matrix that is exported and brought in again is the same: every rule, whatever it says."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.complete import known_facts
from policies.matrix.csv_file import write_csv
from policies.matrix.files import read_file
from policies.matrix.resource import MatrixResource
from policies.matrix.rows import plain
from policies.matrix.xlsx import write_xlsx
from policies.rulebook import load_rulebook
from policies.rules import Rule
from tests.cast import Cast, bring_in, rule
from tests.companies import FORNO
from tests.policies.matrix.inventions import give_odd_names, rules
from tests.policies.strategies import law

pytestmark = pytest.mark.once

_TWIN: dict[str, Any] = {"code": "twin", "name": "Twin", "case_prefix": "T"}
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


def said_by(found: Rule, company: Cast, at: datetime) -> dict[str, Any]:
    """All of a rule that decides or is read, with names in the place of numbers."""
    named = {
        name: {row.pk: row for row in rows.values()}
        for name, rows in (("reason_codes", company.reasons), ("remedies", company.remedies))
    }
    said = {name: getattr(found, name) for name in found.__slots__}
    for name in ("reason_codes", "remedies"):
        said[name] = {named[name][pk].code for pk in said[name]}
    said["tiers"] = {tier.name for tier in company.division.tiers.filter(pk__in=said["tiers"])}
    said["teams"] = {team.name for team in company.division.teams.filter(pk__in=said["teams"])}
    said["conditions"] = {
        (c.fact.key, c.operator, c.value, c.window_days) for c in found.conditions
    }
    said["starts_at"] = max(said["starts_at"], at)
    for name in ("rationale", "customer_wording", "title"):
        said[name] = plain(said[name])
    del said["id"], said["version"], said["only_when"]  # the conditions, in some order
    return said


def rulebook(company: Cast, at: datetime) -> list[dict[str, Any]]:
    company.refresh()
    found = [said_by(r, company, at) for r in load_rulebook(company.division).rules]
    return sorted(found, key=lambda said: (said["title"], said["starts_at"]))


def export(company: Cast, kind: str) -> bytes:
    return WRITERS[kind](MatrixResource(actor=company.manager).write(company.division))


def import_into(company: Cast, data: bytes, *, dry_run: bool, publishing: bool = True) -> Any:
    resource = MatrixResource(actor=company.manager, reason="x", publishing=publishing)
    result = resource.import_data(read_file(data), dry_run=dry_run)
    assert not result.base_errors, result.base_errors
    assert not result.invalid_rows, [row.error for row in result.invalid_rows]
    return result


@pytest.fixture
def odd(forno: Cast) -> Cast:
    """Forno, with names that no spreadsheet expects."""
    return give_odd_names(forno)


@pytest.fixture
def twin(odd: Cast) -> Cast:
    """A second company where everything is called the same."""
    manager = {"twin.manager": FORNO.people["forno.manager"]}
    return give_odd_names(bring_in(replace(FORNO, **_TWIN, people=manager)))


@settings(law, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_there_and_back_is_the_same(odd: Cast, kind: str, data: st.DataObject) -> None:
    facts = known_facts(odd.division.pk)
    with transaction.atomic():
        for place in range(data.draw(st.integers(1, 3))):
            rule(odd, **data.draw(rules(facts, place)))
        file = export(odd, kind)
        result = import_into(odd, file, dry_run=True)
        assert {row.import_type for row in result.rows} == {"skip"}

        transaction.set_rollback(True)


@settings(law, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_another_division_with_the_same_names_decides_the_same(
    odd: Cast, twin: Cast, kind: str, data: st.DataObject
) -> None:
    facts = known_facts(odd.division.pk)
    with transaction.atomic():
        for place in range(data.draw(st.integers(1, 3))):
            rule(odd, **data.draw(rules(facts, place)))
        file = export(odd, kind)
        for what in ("new", "skip"):
            result = import_into(twin, file, dry_run=False, publishing=False)
            assert {row.import_type for row in result.rows} == {what}
        result = import_into(twin, file, dry_run=False)
        assert {row.import_type for row in result.rows} == {"update"}, "the drafts, published"
        at = timezone.now()
        assert rulebook(twin, at) == rulebook(odd, at)
        again = import_into(twin, file, dry_run=True)
        assert {row.import_type for row in again.rows} == {"skip"}
        transaction.set_rollback(True)
