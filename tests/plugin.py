"""Gives pytest its databases: `--db sqlite` (default), `--db postgres` or `--db both`.

Loaded with `-p tests.plugin` (pyproject.toml), because the servers must run and the environment
must be set before Django's settings are read.

With SQLite the program is as `manage.py up` runs it, without Redis; with PostgreSQL it is as in
production, with Redis. `both` runs everything on each at the same time, in several processes (see
`tests/sharing.py`), and ends with one summary. A test that needs no database runs with SQLite only,
and so does one that is the same on both (the mark `once`).
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.browsers import chromium
from tests.servers import Postgres, Redis, Server
from tests.sharing import DATABASES, PROCESSES, OnEachDatabase, processes

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "_granian"}
_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

_servers: list[Server] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--db`."""
    parser.addoption(
        "--db",
        choices=(*DATABASES, "both"),
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
        # Exports wait for transactions anywhere on a server: each process has one of its own.
        for number in range(PROCESSES if db == "both" else 1):
            os.environ[f"LEEWAY_TEST_POSTGRES_{number}"] = _started(Postgres())
        os.environ["LEEWAY_TEST_REDIS"] = _started(Redis())


def _started(server: Server) -> str:
    _servers.append(server)
    return server.url


def _choose_database(db: str) -> None:
    """Once per process: its data folder, and the database that it tests on."""
    folder = _new_folder()
    Path(folder, "static").mkdir()
    os.environ["LEEWAY_DATA_DIR"] = folder
    os.environ["LEEWAY_TEST_DB"] = db
    if db == "postgres":
        number = os.environ.get("LEEWAY_TEST_NUMBER", "0")
        os.environ["DATABASE_URL"] = os.environ[f"LEEWAY_TEST_POSTGRES_{number}"]
        # Each process has one of Redis's databases to itself.
        os.environ["REDIS_URL"] = f"{os.environ['LEEWAY_TEST_REDIS']}?db={number}"


def _new_folder() -> str:
    folder = tempfile.mkdtemp(prefix="leeway-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Have pytest-xdist run everything on each database."""
    if config.option.db == "both" and not _IS_WORKER and not config.option.collectonly:
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False  # browsers come last
        config.option.tx = [
            f"popen//id={db}-{number}//env:LEEWAY_TEST_DB={db}//env:LEEWAY_TEST_NUMBER={number}"
            for db, number in processes()
        ]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OnEachDatabase | None:
    """Have the processes of each database share its tests."""
    return OnEachDatabase(config, log) if config.option.db == "both" else None


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marks, and look for garbage seldom: that takes a tenth of the time else."""
    gc.set_threshold(100_000, 50, 100)
    for line in (
        "postgres: only makes sense on PostgreSQL (races, row locks, its triggers)",
        "sqlite: only makes sense on SQLite",
        "browser: needs Chromium; skipped without it, loudly",
        "once: what is tried does not depend on the database; `--db both` tries it on SQLite",
    ):
        config.addinivalue_line("markers", line)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what this process is for, and skip browser tests without a browser."""
    db, both = os.environ["LEEWAY_TEST_DB"], config.option.db == "both"
    ours = [item for item in items if _belongs(item, db, both=both)]
    if dropped := set(items) - set(ours):
        config.hook.pytest_deselected(items=list(dropped))
    # The browser leaves an event loop running in this process, which other tests would trip over.
    _refuse_mixed_files(ours)
    items[:] = sorted(ours, key=_needs_browser)
    if chromium() is None:
        for item in filter(_needs_browser, items):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def _refuse_mixed_files(items: list[pytest.Item]) -> None:
    """What comes last must not be in one file with what comes first: files are run as a whole."""
    with_browser = {item.path for item in items if _needs_browser(item)}
    without = {item.path for item in items if not _needs_browser(item)}
    if mixed := with_browser & without:
        raise pytest.UsageError(f"Move what needs no browser to a file of its own: {mixed}")


def _needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def _belongs(item: pytest.Item, db: str, *, both: bool) -> bool:
    """Return whether a test runs on this database."""
    if any(item.get_closest_marker(other) for other in DATABASES if other != db):
        return False
    if not both or db == "sqlite" or item.get_closest_marker(db):
        return True
    return _touches_database(item) and not item.get_closest_marker("once")


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
