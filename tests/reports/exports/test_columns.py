"""Which columns come, and in which order: what programs rely on stays."""

from collections.abc import Sequence

import pytest

from employees.models import Employee
from reports.errors import InvalidExport
from reports.exports.pull import chosen_columns
from reports.exports.tables import TABLES
from reports.models import ExportRun
from reports.reader import Reader
from tests.api.client import assert_problem
from tests.cast import Cast
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World
from tests.tokens import made

# The columns of each export, in the order that programs rely on. One that is added goes at the end
# of its line here; anything else breaks someone's nightly load.
PINNED = {
    "resolutions": "id at division team cost_centre tier given_by case_id case customer "
    "reason_code channel order_reference remedy gl_account quantity unit face_value cost currency "
    "verdict owed charged_to budget_id entry_id request_id given_back_at description note",
    "ledger": "id at kind amount currency balance_after division budget_id budget_kind month "
    "employee team cost_centre tier remedy gl_account reason_code channel case_id case customer "
    "resolution_id concerns_id actor request_id note",
    "budgets": "id kind division month employee team cost_centre tier name base allotted spent "
    "grace left currency opened_at",
    "cases": "id case division team cost_centre state reason_code channel customer segment "
    "order_reference order_value order_date currency second_failure incident_id opened_by "
    "opened_at ended_at external_reference note outcome_note handed_over_to",
    "gaps": "id at division employee team cost_centre tier case_id customer reason_code channel "
    "remedy bound policy_id policy quantity face_value cost currency answer answered_at "
    "request_id words",
}
OWN_WORDS = {
    "resolutions": ["description", "note"],
    "ledger": ["note"],
    "budgets": [],
    "cases": ["note", "outcome_note", "handed_over_to"],
    "gaps": ["words"],
}
FINANCE = Reader("Ida", frozenset(TABLES), (), own_words=False)
MANAGER = Reader("Max", frozenset(TABLES), (), own_words=True)


def keeps(pinned: Sequence[str], names: Sequence[str]) -> bool:
    """Whether all are still there, in their order, with new ones at the end alone."""
    return list(names[: len(pinned)]) == list(pinned)


@pytest.mark.parametrize("name", TABLES)
def test_names_and_order_stay_and_new_columns_come_at_the_end(name: str) -> None:
    names = [column.name for column in TABLES[name].columns]
    assert keeps(PINNED[name].split(), names)
    assert len(set(names)) == len(names)
    usual = [column.name for column in TABLES[name].usual_columns]
    assert keeps([n for n in PINNED[name].split() if n not in OWN_WORDS[name]], usual)


def test_the_pin_notices() -> None:
    assert keeps(["a", "b"], ["a", "b", "c"])
    for changed in (["b", "a"], ["a"], ["a", "c", "b"], ["a", "B"]):
        assert not keeps(["a", "b"], changed)


@pytest.mark.parametrize("name", TABLES)
def test_each_column_says_what_it_holds(name: str) -> None:
    for column in TABLES[name].columns:
        assert column.about.endswith("."), column.name
        if column.kind == "money":
            assert "currency" in {other.name for other in TABLES[name].columns}
    assert [c.name for c in TABLES[name].columns if c.own_words] == OWN_WORDS[name]


def test_columns_come_as_they_were_chosen() -> None:
    columns = chosen_columns(TABLES["ledger"], "currency, amount,id", FINANCE)
    assert [column.name for column in columns] == ["currency", "amount", "id"]
    assert chosen_columns(TABLES["ledger"], None, FINANCE) == TABLES["ledger"].usual_columns
    (words,) = chosen_columns(TABLES["gaps"], "words", MANAGER)
    assert words.own_words


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("amunt", "There is no column “amunt” here. There is: id, at, kind, amount"),
        ("id,,at", "There is no column “” here."),
        ("ID", "There is no column “ID” here."),
        ("id;at", "There is no column “id;at” here."),
        ("id,amount,id", "Name each column once."),
        ("budget__division__code", "There is no column “budget__division__code” here."),
        ("transaction_id", "There is no column “transaction_id” here."),
        ('id" --', "There is no column"),
        ("id\x00", "There is no column"),
        ("note", "“note” holds what people wrote in their own words"),
        ("id,note", "It is for managers, and for tokens that an administrator made so."),
    ],
)
def test_what_is_no_column_for_them_is_refused(names: str, said: str) -> None:
    with pytest.raises(InvalidExport) as refused:
        chosen_columns(TABLES["ledger"], names, FINANCE)
    assert said in refused.value.errors["columns"][0]


@pytest.mark.django_db(transaction=True)
def test_the_file_has_the_columns_that_were_asked_for(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    finance = Pulls(head_office["finance"])
    assert finance.content("ledger", columns="currency,id") == b"currency,id\n"
    head = finance.content("ledger").decode().rstrip("\n").split(",")
    assert head == [column.name for column in TABLES["ledger"].usual_columns]
    told = assert_problem(finance.answer("ledger", columns="note"), 400, "invalid")
    assert list(told["errors"]) == ["columns"]
    assert ExportRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_own_words_come_to_managers_and_to_tokens_made_so(
    world: World, head_office: dict[str, Employee]
) -> None:
    _, secret = made(head_office["admin"], exports=["gaps", "cases"], own_words=True)
    for pulls in (Pulls(world.forno.manager), Pulls(secret)):
        notes = pulls.rows("cases", columns="id,outcome_note", division="forno")
        assert {"It was on time.", "In writing."} <= {row["outcome_note"] for row in notes}
        assert "outcome_note" not in pulls.content("cases").decode()


@pytest.mark.django_db(transaction=True)
def test_the_list_of_exports_tells_the_columns(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    _, secret = made(head_office["finance"], exports=["ledger", "gaps"])
    told = Pulls(secret).answer().json()
    assert [export["name"] for export in told] == ["ledger", "gaps"]
    assert [export["comes_again"] for export in told] == [False, True]
    for export in told:
        names = [column["name"] for column in export["columns"]]
        assert names == PINNED[export["name"]].split()
    assert len(Pulls(head_office["finance"]).answer().json()) == 5
