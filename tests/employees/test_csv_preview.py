"""Looking at a file keeps nobody from working, and bringing it in only for a moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees.models import AuthorityTier, Employee
from employees.resources.files import MOST_ROWS
from employees.resources.people import EmployeeResource
from policies.models import ReasonCode, Remedy
from tests.admin.desk import Desk, problems, said
from tests.cast import Cast

PEOPLE = "username,role,team,tier,personal_limit\n"
READS = {"select"}
# A person is saved together with their history: a savepoint, two rows, the savepoint's end.
A_NEW_PERSON = 4


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def new_people(count: int) -> str:
    rows = (f"new{n},agent,Brooklyn,Driver,{n}.50\n" for n in range(count))
    return PEOPLE + "".join(rows)


def verbs(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"].split()[0].lower() for query in captured.captured_queries]


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (Employee, new_people(5)),
        (Employee, "username,first_name\nforno.driver1,Ada\nforno.driver2,Bob\n"),
        (Employee, "username,role,tier\nx,boss,Nobody\n"),
        (AuthorityTier, "name,limit_per_case\nDriver,30\n"),
        (Remedy, "code,name\nfree-pizza,Pizza on us\n"),
        (ReasonCode, "code,name\nnew,New\n"),
    ],
)
def test_looking_at_a_file_writes_and_locks_nothing(
    desk: Desk, model: type[Any], text: str
) -> None:
    with CaptureQueriesContext(connection) as captured:
        desk.bring_in(model, text, reason="Prices rose.")
    assert set(verbs(captured)) == READS


@pytest.mark.django_db(transaction=True)
def test_agents_work_on_while_a_manager_looks_at_a_file(
    desk: Desk, forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def work() -> None:
        """In a connection of its own, which waits for nobody."""
        try:
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute("PRAGMA busy_timeout = 0")
            Employee.objects.filter(pk=forno.agent.pk).update(job_title="Busy")
            done.append(1)
        finally:
            connection.close()

    def after_each_row(*args: Any, **kwargs: Any) -> None:
        with ThreadPoolExecutor(1) as another:
            another.submit(work).result()

    monkeypatch.setattr(EmployeeResource, "before_save_instance", after_each_row)
    answer = desk.bring_in(Employee, new_people(3))
    assert answer.context["result"].totals["new"] == 3
    assert len(done) == 3


@pytest.mark.parametrize("count", [3, 30])
def test_looking_at_a_file_asks_the_same_for_few_rows_and_for_many(desk: Desk, count: int) -> None:
    desk.bring_in(Employee, new_people(1))
    with CaptureQueriesContext(connection) as captured:
        answer = desk.bring_in(Employee, new_people(count))
    assert answer.context["result"].totals["new"] == count
    assert len(captured) == 9, "\n".join(query["sql"] for query in captured.captured_queries)


def test_a_row_costs_what_it_writes_and_nothing_more(desk: Desk) -> None:
    asked = {}
    for count in (3, 30):
        looked_at = desk.bring_in(Employee, new_people(count).replace("new", f"of{count}-"))
        with CaptureQueriesContext(connection) as captured:
            desk.confirm(Employee, looked_at)
        asked[count] = len(captured) - verbs(captured).count("select")
        reads = verbs(captured).count("select")
        assert reads < 30, "\n".join(query["sql"] for query in captured.captured_queries)
    assert asked[30] - asked[3] == 27 * A_NEW_PERSON
    assert Employee.history.filter(username__startswith="of30-").count() == 30


def test_bringing_in_a_file_leaves_the_sequences_alone(desk: Desk) -> None:
    looked_at = desk.bring_in(ReasonCode, "code,name\nnew,New\n")
    with CaptureQueriesContext(connection) as captured:
        desk.confirm(ReasonCode, looked_at)
    assert ReasonCode.objects.filter(code="new").exists()
    assert not [q["sql"] for q in captured.captured_queries if "setval" in q["sql"].lower()]


@pytest.mark.once
def test_a_long_file_is_brought_in_in_parts(desk: Desk) -> None:
    answer = desk.bring_in(ReasonCode, _codes(MOST_ROWS + 1))
    words = "This file has 1,001 rows; at most 1,000 are taken at once. Split it, "
    assert [p[2].startswith(words) for p in problems(answer)] == [True]
    assert "At most 1,000 rows at once." in answer.content.decode()
    assert "confirm_form" not in answer.context
    assert "confirm_form" in desk.bring_in(ReasonCode, _codes(MOST_ROWS)).context


def _codes(count: int) -> str:
    return "code,name\n" + "".join(f"new-{n},New {n}\n" for n in range(count))


@pytest.mark.once
def test_what_would_change_is_shown_before_it_does(desk: Desk, forno: Cast) -> None:
    text = (
        "username,first_name,role,team,tier,personal_limit\n"
        "forno.driver1,Ada,agent,Brooklyn,Driver,30\n"
        f"forno.driver2,{forno.colleague.first_name},agent,Brooklyn,Driver,\n"
        "forno.new,Bob,agent,Queens,Driver,\n"
    )
    page = desk.bring_in(Employee, text, reason="She knows the customers.").content.decode()
    assert "1 new, 1 changed, 1 as they are." in page
    assert "Ada</ins>" in page
    assert "30.00</ins>" in page
    assert "Queens</ins>" in page
    forno.agent.refresh_from_db()
    assert forno.agent.personal_limit is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("model", "text", "column"),
    [
        (Employee, "username,role,personal_limit\nnew,agent,-1\n", "personal_limit"),
        (Employee, "username,role,personal_budget\nnew,agent,-1\n", "personal_budget"),
        (AuthorityTier, "name,limit_per_case,monthly_budget\nNew,1,1\n", "rationale"),
        (AuthorityTier, "name,rationale,limit_per_case\nDriver, \t,1\n", "rationale"),
        (AuthorityTier, "name,limit_per_case\nDriver,-1\n", "limit_per_case"),
        (AuthorityTier, "name,monthly_budget\nDriver,-1\n", "monthly_budget"),
        (AuthorityTier, "name,grace_percent\nDriver,101\n", "grace_percent"),
        (Remedy, "code,rationale\nfree-pizza, \n", "rationale"),
        (Remedy, "code,costing\nmoney-off,share\n", "cost_share_percent"),
        (Remedy, "code,costing,cost_share_percent\nvoucher,share,0\n", "cost_share_percent"),
        (Remedy, "code,cost_per_unit\nfree-pizza,\n", "cost_per_unit"),
        (Remedy, "code,cost_per_unit\nfree-pizza,-1\n", "cost_per_unit"),
        (Remedy, "code,max_quantity\nfree-pizza,0\n", "max_quantity"),
    ],
)
def test_what_the_database_would_refuse_is_said_before(
    desk: Desk, model: type[Any], text: str, column: str
) -> None:
    answer = desk.bring_in(model, text, reason="because")
    assert (2, column) in {(line, name) for line, name, _ in problems(answer)}


def test_when_somebody_else_was_quicker_with_one_row_none_is_brought_in(
    desk: Desk, orchard: Cast
) -> None:
    looked_at = desk.bring_in(Employee, new_people(3))
    Employee.objects.create_user("new1", division=orchard.division)
    answer = desk.confirm(Employee, looked_at)
    assert said(answer) == ["Something changed meanwhile. Nothing was saved: look again."]
    assert not Employee.objects.filter(username__in=["new0", "new2"]).exists()
    assert not Employee.history.filter(username="new0").exists()
