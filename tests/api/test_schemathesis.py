"""Whatever the description allows, and much that it does not, is asked of the running program.

schemathesis reads the OpenAPI document and makes requests from it, good and bad ones: no answer may
be an error of ours, and every one must be as the document says. Operations that are described are
asked, also those that come later.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from knox.models import AuthToken

from employees.models import Employee
from resolutions.models import Resolution
from tests.api.client import Api
from tests.api.questions import wrong_order
from tests.cast import PASSWORD, Cast, bring_in, bring_in_head_office
from tests.companies import FORNO, ORCHARD
from tests.web import running_granian

SEED, EXAMPLES = 2026, 8

# What the description can't say, so that a request may be as described and still be refused: which
# codes, names and cursors there are, whether a remedy is given by amount or by quantity, and what
# was done in a case before. So that many are not refused for it, some are told.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "406", "409"]

[dictionaries]
cases = {{ values = [{case}, {open_case}, 999999999] }}
resolutions = {{ values = [{resolution}, 999999999] }}
budgets = {{ values = [{budget}, 999999999] }}
divisions = {{ values = ["forno"] }}
currencies = {{ values = ["USD"] }}
teams = {{ values = ["Brooklyn", "Queens"] }}
people = {{ values = ["forno.driver1", "forno.driver2"] }}
reasons = {{ values = ["late", "wrong-order"] }}
remedies = {{ values = ["money-off", "free-pizza", "reorder"] }}
amounts = {{ values = ["1.00", "5", "1000.00"] }}

[parameters]
"path.case_id" = {{ dictionary = "cases", probability = 0.9 }}
"path.resolution_id" = {{ dictionary = "resolutions", probability = 0.9 }}
"path.budget_id" = {{ dictionary = "budgets", probability = 0.9 }}
"query.division" = {{ dictionary = "divisions", probability = 0.9 }}
"query.currency" = {{ dictionary = "currencies", probability = 0.9 }}
"query.team" = {{ dictionary = "teams", probability = 0.9 }}
"query.employee" = {{ dictionary = "people", probability = 0.9 }}
"query.given_by" = {{ dictionary = "people", probability = 0.9 }}
"query.reason_code" = {{ dictionary = "reasons", probability = 0.9 }}
"query.remedy" = {{ dictionary = "remedies", probability = 0.9 }}
"body.reason_code" = {{ dictionary = "reasons", probability = 0.9 }}
"body.gives[*].remedy" = {{ dictionary = "remedies", probability = 0.9 }}
"body.gives[*].amount" = {{ dictionary = "amounts", probability = 0.5 }}
"""


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The program as in production, which takes as many requests as come."""
    no_rates = {"LEEWAY_API_RATE": "", "LEEWAY_TOKEN_RATE": ""}
    with running_granian(extra_environment=no_rates) as url:
        yield url


@pytest.fixture
def company(transactional_db: None) -> Cast:
    bring_in(ORCHARD)
    bring_in_head_office()
    return bring_in(FORNO)


@pytest.fixture
def settings_file(company: Cast, tmp_path: Path) -> Path:
    """What there is to ask about: a case with what was given in it, its month, and an open case."""
    case = Api(company.agent).post("cases/", wrong_order()).json()
    opened = Api(company.agent).post("cases/", wrong_order(gives=[])).json()
    given = Resolution.objects.filter(case=case["id"])[0]
    there = {
        "case": case["id"],
        "open_case": opened["id"],
        "resolution": given.pk,
        "budget": given.entry.budget_id,
    }
    file = tmp_path / "schemathesis.toml"
    file.write_text(SETTINGS.format(**there))
    return file


def ask(url: str, settings_file: Path, *options: str) -> None:
    """Fail, with what schemathesis tells, unless every answer passed all checks."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings_file)),
        *("run", f"{url}/api/v1/schema/?format=json", "--checks", "all", "--request-timeout", "20"),
        *("--seed", str(SEED), "--max-examples", str(EXAMPLES), *options),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=settings_file.parent
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def bearer(employee: Employee) -> tuple[str, str]:
    _, token = AuthToken.objects.create(user=employee)
    return "--header", f"Authorization: Bearer {token}"


def test_whoever_acts_is_answered_as_described(
    server: str, company: Cast, settings_file: Path
) -> None:
    acts = ("--include-method", "POST", "--exclude-path", "/api/v1/tokens/")
    ask(server, settings_file, *bearer(company.agent), *acts)


@pytest.mark.postgres  # which refuses more of what is read than SQLite does
@pytest.mark.parametrize("who", ["forno.driver1", "finance"])
def test_whoever_reads_is_answered_as_described(server: str, settings_file: Path, who: str) -> None:
    employee = Employee.objects.with_authority().get(username=who)
    ask(server, settings_file, *bearer(employee), "--include-method", "GET")


@pytest.mark.postgres  # for the same reason; a token has no number that only SQLite would refuse
def test_a_token_is_had_and_given_back_as_described(
    server: str, company: Cast, settings_file: Path
) -> None:
    only = ("--include-path", "/api/v1/tokens/")
    ask(server, settings_file, "--auth", f"{company.agent.username}:{PASSWORD}", *only)
    ask(server, settings_file, *bearer(company.agent), *only, "--include-method", "DELETE")
