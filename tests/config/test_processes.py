"""Programs that run together end together, however the end comes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.datadir import BASE_DIR

SLEEP = "import time; time.sleep(100)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
WITH_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEP!r}])"


def run_together(*programs: str, patience: float = 10) -> subprocess.Popen[str]:
    """Start a process that runs these Python programs together, and wait until all run."""
    commands = {f"number {n}": [sys.executable, "-c", code] for n, code in enumerate(programs)}
    script = (
        "import os; from config import processes; "
        f"processes._PATIENCE = {patience}; "
        f"together = processes.Together({commands!r}, os.environ); "
        "print(together.run(each_moment=lambda: None))"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    expected = len(programs) + sum("subprocess.run" in code for code in programs)
    until = time.monotonic() + 20
    while len(psutil.Process(running.pid).children(recursive=True)) < expected:
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.3)  # for a program to set its signals
    return running


def what_runs(running: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return all processes that it started, directly or not."""
    started: list[psutil.Process] = psutil.Process(running.pid).children(recursive=True)
    return started


def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return which of them still run after a moment."""
    left: list[psutil.Process] = psutil.wait_procs(processes, timeout=5)[1]
    return left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_all_end_when_told_to_stop(number: signal.Signals) -> None:
    running = run_together(SLEEP, SLEEP)
    programs = what_runs(running)
    running.send_signal(number)
    assert running.communicate(timeout=20)[0] == "None\n"
    assert left_of(programs) == []


def test_all_end_when_one_is_killed_and_its_name_is_told() -> None:
    running = run_together(SLEEP, WITH_A_CHILD)
    programs = what_runs(running)
    psutil.Process(running.pid).children()[1].kill()  # its own child stays behind
    assert running.communicate(timeout=20)[0] == "number 1\n"
    assert left_of(programs) == []


def test_a_program_that_does_not_want_to_stop_is_killed() -> None:
    running = run_together(SLEEP, STUBBORN, patience=0.5)
    programs = what_runs(running)
    running.terminate()
    running.communicate(timeout=20)
    assert left_of(programs) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the children")
def test_all_end_when_the_one_who_started_them_is_killed() -> None:
    running = run_together(SLEEP, SLEEP)
    programs = what_runs(running)
    running.kill()
    running.communicate(timeout=20)
    assert left_of(programs) == []


def test_a_signal_while_they_start_is_not_lost(tmp_path: Path) -> None:
    """The first program tells the one who starts it to stop, while the second starts."""
    early = f"import os, signal; os.kill(os.getppid(), signal.SIGTERM); {SLEEP}"
    script = (
        "import os, sys; from config.processes import Together; "
        f"commands = {{'a': [sys.executable, '-c', {early!r}],"
        f" 'b': [sys.executable, '-c', {SLEEP!r}]}}; "
        "print(Together(commands, os.environ).run(each_moment=lambda: None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=BASE_DIR,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.stdout == "None\n"
