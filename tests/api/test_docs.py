"""What docs/api.md says to type works, line by line, against the running program."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from knox.models import AuthToken

from config.api.problem_types import TYPES
from tests.cast import bring_in, bring_in_head_office
from tests.companies import FORNO
from tests.putting_right import put_right, so_much

pytestmark = pytest.mark.once
IN_OCTOBER = datetime(2026, 10, 15, 18, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "api.md"
# An answer that is a problem fails the line that asked for it.
BEFORE = """
set -euo pipefail
curl() { case "$*" in *--fail*) command curl "$@";; *) command curl --fail-with-body "$@";; esac; }
uuidgen() { python3 -c 'import uuid; print(uuid.uuid4())'; }
"""

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def blocks(language: str, server: str) -> list[str]:
    """What is to be typed, for the program where it runs now."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    hosts = re.compile(r"http://localhost:8000|https://leeway\.example\.com")
    return [hosts.sub(server, block) for block in found]


def run(folder: Path, *command: str) -> str:
    """Run it where files may be written; finance's token is in the environment."""
    _, token = AuthToken.objects.create(user=bring_in_head_office()["finance"])
    done = subprocess.run(
        command,
        env={**os.environ, "LEEWAY_TOKEN": token},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@needs_curl
def test_every_line_for_the_shell_works(granian_server: str, tmp_path: Path) -> None:
    put_right(bring_in(FORNO).agent, so_much("money-off", "2.50"), at=IN_OCTOBER)
    said = run(tmp_path, "bash", "-c", BEFORE + "\n".join(blocks("sh", granian_server)))

    assert '"left":"111.00"' in said  # after the pizza and the reorder
    assert "id,at,kind,amount,currency\n" in said
    assert "\n#end,2," in said
    assert "forno-2026-10,1,2026-10-31," in (tmp_path / "forno-2026-10.csv").read_text()
    assert (tmp_path / "ledger.xlsx").read_bytes().startswith(b"PK")


@needs_curl
def test_every_line_of_python_works(granian_server: str, tmp_path: Path) -> None:
    bring_in(FORNO)
    first = blocks("sh", granian_server)[0]
    assert subprocess.run(["bash", "-c", BEFORE + first], check=False).returncode == 0
    programs = blocks("python", granian_server)
    said = run(tmp_path, sys.executable, "-c", "\n\n".join([*programs, programs[-1]]))

    assert re.search(r"^F-\d+ \S+ USD 23\.50$", said, re.MULTILINE)
    assert said.count(" -5.00 USD\n") == said.count(" -4.00 USD\n") == 1  # though pulled twice
    assert (tmp_path / "ledger.cursor").read_text()


def test_every_type_of_problem_is_told() -> None:
    told = set(re.findall(r"`([a-z-]+)`", DOCS.read_text().partition("## When something")[2]))
    assert set(TYPES) <= told
