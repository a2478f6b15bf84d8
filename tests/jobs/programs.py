"""Celery's own programs, run as in production: real workers, a real beat and a real Redis.

They use the database of the tests; without a Redis they are as `manage.py up` runs them. What a
test turns in them comes by the environment: `chunk` (people, or requests of a trial, in a
transaction), `visibility` (seconds until a lost message comes back), `every` (seconds between the
wake-ups that open months), `pictures` ("small": no charts are drawn, which takes seconds). Time is
moved by `Programs.move`.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
from celery import Celery
from redis import Redis as RedisClient

from config.processes import die_with_parent
from tests.jobs.moved_clock import Clock
from tests.servers import Redis
from tests.web import database_url

PATIENCE = 60  # seconds
OPEN_MONTHS = "budgets.tasks.open_months"
RUN_TRIALS = "resolutions.tasks.run_trials"
SEND_REPORTS = "reports.tasks.send_monthly_reports"
_BEGUN = {"worker": " ready.", "beat": "beat: Starting"}  # what they say then


class Program:
    """A running program of Celery's, with what it says kept in a file."""

    def __init__(self, name: str, arguments: list[str], folder: Path, environment: Any) -> None:
        self.name = name
        self._output = folder / f"{name}.log"
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "tests.jobs.app", *arguments],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    @property
    def said(self) -> str:
        """Everything it has logged."""
        return self._output.read_text()

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def kill_child(self) -> None:
        """Kill the process that carries out its tasks, with -9; it forks another one."""
        (child,) = psutil.Process(self._process.pid).children()
        child.kill()

    def kill(self) -> None:
        """Kill it with -9, and the processes that it forked."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Programs:
    """The workers and the beat of a test; all of them are gone after its block."""

    def __init__(
        self, folder: Path, redis: Redis | None, *, at: datetime | None = None, **turned: Any
    ) -> None:
        self._folder = folder
        # Two, so that workers never think that it is earlier than beat does.
        self._clocks = {n: Clock(folder / f"{n}-clock", at) for n in ("worker", "beat") if at}
        self._running: list[Program] = []
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis.url if redis else "",
            "LEEWAY_DATA_DIR": str(folder),
            **{f"LEEWAY_TEST_{name.upper()}": str(value) for name, value in turned.items()},
        }

    def worker(self, name: str = "worker") -> Program:
        """Start a worker and wait until it takes messages."""
        return self._start("worker", name, "--concurrency", "1", "--hostname", f"{name}@here")

    def beat(self) -> Program:
        """Start beat and wait until it keeps time."""
        return self._start("beat", "beat")

    def move(self, to: datetime) -> None:
        """Let it be that moment for workers and beat."""
        for clock in self._clocks.values():
            clock.move(to)

    def all_said(self) -> str:
        """What every program has logged."""
        return "\n".join(f"--- {p.name}\n{p.said}" for p in self._running)

    def wait_until(self, happened: Callable[[], object]) -> None:
        """Wait until it is so; fails with what the programs have logged."""
        until = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < until, self.all_said()
            time.sleep(0.02)

    def _start(self, command: str, name: str, *arguments: str) -> Program:
        clock = self._clocks.get(command)
        program = Program(
            name,
            [command, "--loglevel", "info", *arguments],
            self._folder,
            self._environment | ({"LEEWAY_TEST_CLOCK": str(clock.folder)} if clock else {}),
        )
        self._running.append(program)
        self.wait_until(lambda: _BEGUN[command] in program.said or not program.runs)
        assert program.runs, program.said
        return program

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        for program in self._running:
            program.kill()


def send(redis: Redis, task: str = OPEN_MONTHS, *, times: int = 1) -> None:
    """Wake a job up, as beat does: the one that opens months, or another one."""
    with Celery(
        "test", broker=redis.url.replace("unix", "redis+socket"), set_as_current=False
    ) as app:
        app.conf.broker_transport_options = {"global_keyprefix": "leeway:"}
        for _ in range(times):
            app.send_task(task)


def told_opened(said: str) -> list[int]:
    """How many months each run that came to an end has said that it opened."""
    return [int(number) for number in re.findall(r"Months opened: (\d+)\.", said)]


def messages(redis: Redis) -> tuple[int, int]:
    """How many messages wait in the queue, and how many a worker has taken and not done yet."""
    with RedisClient.from_url(redis.url) as client:
        return int(client.llen("leeway:celery")), int(client.hlen("leeway:unacked"))
