"""`manage.py up` starts everything, tells where it is, and leaves nothing behind."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID

import psutil
import pytest
from celery import Celery

from config.addresses import AddressUnusable, check_free, names
from config.datadir import BASE_DIR
from config.demo.accounts import ACCOUNTS
from tests.servers import free_port

PATIENCE = 180  # seconds
SETTINGS_OF_THE_TESTS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")


class Up:
    """A running `manage.py up` with a data folder of its own."""

    def __init__(self, data_dir: Path, port: int, *arguments: str) -> None:
        self.data_dir = data_dir
        self.port = port
        self.output = data_dir.parent / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(port), *arguments],
                cwd=BASE_DIR,
                env=embedded(data_dir),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.children: list[psutil.Process] = []

    def wait_until_it_runs(self) -> None:
        """Wait for the line that tells the address."""
        wait_for(lambda: "is running at" in self.said(), or_show=self.said)
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    def said(self) -> str:
        """Return everything it has printed."""
        return self.output.read_text()

    def left_behind(self) -> list[str]:
        """Return what still runs of it, waiting a little for what is on its way out."""
        gone_or_not = psutil.wait_procs(self.children, timeout=10)
        return [" ".join(process.cmdline()) for process in gone_or_not[1]]

    def make_sure_it_is_gone(self) -> None:
        """Kill what a failed test may have left."""
        self.process.kill()
        for process in self.children:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()


def embedded(data_dir: Path) -> dict[str, str]:
    """Return an environment as on a machine where nothing of Leeway is set."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS_OF_THE_TESTS}
    return {**kept, "LEEWAY_DATA_DIR": str(data_dir)}


def leave_a_job(data_dir: Path) -> str:
    """Leave a message for the worker, as the web process would; gives the job's number."""
    with Celery("web", broker="folder://localhost", set_as_current=False) as web:
        web.conf.broker_transport_options = {"folder": str(data_dir / "jobs")}
        return str(web.send_task("budgets.tasks.check_ledger").id)


def is_done(data_dir: Path, job: str) -> bool:
    """Whether the ledger was checked at this request."""
    statement = "SELECT 1 FROM budgets_ledgercheck WHERE request_id = ? AND finished_at > ''"
    with closing(sqlite3.connect(data_dir / "leeway.sqlite3", timeout=PATIENCE)) as database:
        return database.execute(statement, [UUID(job).hex]).fetchone() is not None


def wait_for(happened: Callable[[], bool], *, or_show: Callable[[], str]) -> None:
    """Wait until it happened; fails with what there is to show."""
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, or_show()
        time.sleep(0.1)


@contextmanager
def running_up(data_dir: Path, *arguments: str) -> Iterator[Up]:
    """Start it; whatever the test does, nothing of it outlives the test."""
    up = Up(data_dir, free_port(), *arguments)
    try:
        up.wait_until_it_runs()
        yield up
    finally:
        up.make_sure_it_is_gone()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that is there for the first start and the next."""
    return tmp_path_factory.mktemp("up") / "var"


def test_the_first_start_makes_up_the_demo_answers_and_stops_cleanly(kept: Path) -> None:
    with running_up(kept) as up:
        assert f"http://localhost:{up.port}/" in up.said()
        assert "Making up the demo" in up.said()
        assert all(f"  {name} " in up.said() for name, _ in ACCOUNTS)
        with urlopen(f"http://localhost:{up.port}/health/") as answer:
            assert json.load(answer)["status"] == "ok"
        commands = " ".join(" ".join(child.cmdline()) for child in up.children)
        assert all(part in commands for part in ("granian", "worker", "beat"))

        job = leave_a_job(kept)
        wait_for(lambda: is_done(kept, job), or_show=up.said)

        up.process.send_signal(signal.SIGTERM)
        assert up.process.wait(PATIENCE) == 0
        assert up.said().rstrip().endswith("Stopped.")
        assert up.left_behind() == []


def test_the_next_start_keeps_what_is_there_and_all_stop_when_one_is_killed(kept: Path) -> None:
    with running_up(kept) as up:
        assert "Making up the demo" not in up.said()
        assert all(f"  {name} " in up.said() for name, _ in ACCOUNTS)

        web_server = next(child for child in up.children if "granian" in child.cmdline())
        web_server.kill()
        assert up.process.wait(PATIENCE) == 1
        assert "The web server stopped by itself, so everything was stopped." in up.said()
        assert up.left_behind() == []


def test_without_the_demo_it_says_how_to_begin(tmp_path: Path) -> None:
    with running_up(tmp_path / "var", "--no-demo") as up:
        assert "Nobody can sign in yet: python3 manage.py createsuperuser" in up.said()
        assert "forno" not in up.said()
        up.process.send_signal(signal.SIGINT)  # as Ctrl-C does
        assert up.process.wait(PATIENCE) == 0
        assert up.left_behind() == []


def refused(tmp_path: Path, *arguments: str, data_dir: Path | None = None) -> str:
    """Run `up` where it can't; return the one line that it says."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up", *arguments],
        cwd=BASE_DIR,
        env=embedded(data_dir or tmp_path / "var"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    return line


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = refused(tmp_path, "--port", str(port))
    assert line.startswith(f"Port {port} is in use by another program.")
    assert f"--port {port + 1}" in line


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("192.0.2.1", 8000, "can't listen on 192.0.2.1:8000"),
        ("no.such.host.invalid", 8000, "no address no.such.host.invalid"),
        ("127.0.0.1", 99999, "number from 1 to 65535, not 99999"),
        ("127.0.0.1", 0, "number from 1 to 65535, not 0"),
    ],
)
def test_an_impossible_address_is_told(host: str, port: int, said: str) -> None:
    with pytest.raises(AddressUnusable, match=said):
        check_free(host, port)


def test_in_the_local_network_it_answers_to_this_machine_s_names() -> None:
    assert {"localhost", "127.0.0.1", socket.gethostname()} <= set(names("0.0.0.0"))
    assert names("192.0.2.7")[-1] == "192.0.2.7"


def test_a_data_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    line = refused(tmp_path, data_dir=in_the_way / "var")
    assert line.startswith(f"The data folder {in_the_way / 'var'} can't be written")
