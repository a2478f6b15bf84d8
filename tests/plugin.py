"""Gives pytest its databases: `--db sqlite` (default), `--db postgres` or `--db both`.

Loaded with `-p tests.plugin` (pyproject.toml), because the servers must run and the environment
must be set before Django's settings are read.

With SQLite the program is as `manage.py up` runs it, without Redis; with PostgreSQL it is as in
production, with Redis. `both` runs everything on each at the same time, in one process per
database, and ends with one summary. A test that needs no database runs once, with SQLite. Those
that only look at pages (the mark `looks`) run once too, in turn here and there, so that both
processes take about equally long.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.browsers import chromium
from tests.servers import Postgres, Redis, Server

_DATABASES = ("sqlite", "postgres")
_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "_granian"}
_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

_servers: list[Server] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--db`."""
    parser.addoption(
        "--db",
        choices=(*_DATABASES, "both"),
        default="sqlite",
        help="the database to test on: sqlite (default), postgres, or both",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the servers and set the environment, before pytest-django reads the settings."""
    options = early_config.known_args_namespace
    if not _IS_WORKER:
        _set_the_table(options.db)
    _choose_database(os.environ.get("LEEWAY_TEST_DB", options.db))
    yield


def _set_the_table(db: str) -> None:
    """Once per run: a clean environment, and the servers that its processes share."""
    atexit.register(_clear_the_table)
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "LEEWAY_DEMO"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SECRET_KEY": "only-for-tests-" + "x1y2z3" * 10,
        "LEEWAY_HTTPS": "off",
        "DEBUG": "off",
    }
    if db == "both":
        os.environ["LEEWAY_TEST_MEETING"] = _new_folder()
    if db != "sqlite":
        for variable, kind in (("LEEWAY_TEST_POSTGRES", Postgres), ("LEEWAY_TEST_REDIS", Redis)):
            server = kind()
            _servers.append(server)
            os.environ[variable] = server.url


def _choose_database(db: str) -> None:
    """Once per process: its data folder, and the database that it tests on."""
    folder = _new_folder()
    Path(folder, "static").mkdir()
    os.environ["LEEWAY_DATA_DIR"] = folder
    os.environ["LEEWAY_TEST_DB"] = db
    if db == "postgres":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        number = int(worker.removeprefix("gw")) if worker.startswith("gw") else 0
        os.environ["DATABASE_URL"] = os.environ["LEEWAY_TEST_POSTGRES"]
        # A Redis has 16 databases; each process has one to itself.
        os.environ["REDIS_URL"] = f"{os.environ['LEEWAY_TEST_REDIS']}?db={number % 16}"


def _new_folder() -> str:
    folder = tempfile.mkdtemp(prefix="leeway-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Have pytest-xdist run everything in one process for each database."""
    if config.option.db == "both" and not _IS_WORKER and not config.option.collectonly:
        config.option.dist = "each"
        config.option.tx = [f"popen//id={db}//env:LEEWAY_TEST_DB={db}" for db in _DATABASES]


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marks."""
    for line in (
        "postgres: only makes sense on PostgreSQL (races, row locks, its triggers)",
        "sqlite: only makes sense on SQLite",
        "browser: needs Chromium; skipped without it, loudly",
        "looks: what is looked at does not depend on the database; `--db both` looks once",
    ):
        config.addinivalue_line("markers", line)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what this process's database is for, and skip browser tests without a browser."""
    db = os.environ["LEEWAY_TEST_DB"]
    both = config.option.db == "both"
    elsewhere = _looked_at_elsewhere(items, db) if both else set()
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        here = item not in elsewhere and _belongs(item, db, both=both)
        (kept if here else dropped).append(item)
    # The browser leaves an event loop running in this process, which other tests would trip over.
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("browser") is not None)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def _belongs(item: pytest.Item, db: str, *, both: bool) -> bool:
    """Return whether a test runs on this database."""
    other = "sqlite" if db == "postgres" else "postgres"
    if item.get_closest_marker(other):
        return False
    once = db == "sqlite" or item.get_closest_marker("postgres") or _touches_database(item)
    return bool(once or not both)


def _looked_at_elsewhere(items: list[pytest.Item], db: str) -> set[pytest.Item]:
    """Return the tests that only look, and whose turn is the other database's."""
    looks = [item for item in items if item.get_closest_marker("looks")]
    return {item for turn, item in enumerate(looks) if db == _DATABASES[(turn + 1) % 2]}


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & _DATABASE_FIXTURES)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when the browser tests did not run."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "Chromium is not installed" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_sep("!", "NO BROWSER", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(skipped)} browser tests did NOT run: Chromium is not installed. "
            "Install it (Debian: apt install chromium), or set LEEWAY_CHROMIUM to its path.",
            red=True,
        )


def pytest_unconfigure() -> None:
    """Stop the servers, also after failures and Ctrl-C."""
    _clear_the_table()


def _clear_the_table() -> None:
    while _servers:
        _servers.pop().stop()
