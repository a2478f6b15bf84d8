"""Several programs run as one: they start together, and when one ends, all end.

Each program gets a process group of its own, so that its children end with it, and so that Ctrl-C
in a terminal reaches only us, who then stop them in order. On Linux they also end when this
process is killed outright.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType

_PATIENCE = 10.0  # seconds to finish what is in hand, before being killed
_PR_SET_PDEATHSIG = 1


class Together:
    """Runs programs side by side until one ends or this process is told to stop."""

    def __init__(self, commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> None:
        self._commands = commands
        self._env = dict(env)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._told_to_stop = False

    def run(self, *, each_moment: Callable[[], None]) -> str | None:
        """Start all, wait, and stop all.

        Calls `each_moment` several times a second while they run. Returns the name of the program
        that ended by itself, or None if SIGINT or SIGTERM asked for the end.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        try:
            for name, command in self._commands.items():
                self._running[name] = self._start(command)
            while not self._told_to_stop:
                if ended := self._first_ended():
                    return ended
                each_moment()
                time.sleep(0.1)
            return None
        finally:
            self._stop_all()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=self._env,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  (no other threads here)
        )

    def _first_ended(self) -> str | None:
        return next((n for n, p in self._running.items() if p.poll() is not None), None)

    def _stop_all(self) -> None:
        until = time.monotonic() + _PATIENCE
        for process in self._running.values():
            process.terminate()  # it tells its own children, once they are done
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, until - time.monotonic()))
        for process in self._running.values():
            with suppress(ProcessLookupError):  # also what a killed program left behind
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def die_with_parent() -> None:
    """For `preexec_fn`: have the kernel stop this process when its parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
