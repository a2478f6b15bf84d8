"""A clock in a folder, which several processes go by: tests move it, real seconds pass between."""

import os
import time
from datetime import datetime
from pathlib import Path
from threading import Thread

import psutil
import time_machine

_READS_EVERY = 0.005  # seconds
_PATIENCE = 20

_traveller: time_machine.Traveller | None = None


class Clock:
    """The tests' side of it."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self.folder = folder
        folder.mkdir()
        self._write(at)

    def move(self, to: datetime) -> None:
        """Let it be that moment, and wait until it is for all who go by this clock."""
        reading = self._write(to)
        until = time.monotonic() + _PATIENCE
        while not all(read.read_text() == reading for read in self._followers()):
            assert time.monotonic() < until, f"nobody reads the clock in {self.folder}"
            time.sleep(_READS_EVERY)

    def _write(self, at: datetime) -> str:
        reading = at.isoformat()
        _write_at_once(self.folder / "time", reading)
        return reading

    def _followers(self) -> list[Path]:
        return [f for f in self.folder.glob("*.read") if psutil.pid_exists(int(f.stem))]


def follow(folder: Path) -> None:
    """Go by this clock from now on; once more in each process that is forked from this one."""
    global _traveller  # noqa: PLW0603  (a process has one clock)
    if _traveller is None:
        _traveller = time_machine.travel(0, tick=True).start()
    reading = _go_by(folder, _traveller, "")
    Thread(target=_keep_following, args=(folder, _traveller, reading), daemon=True).start()


def _keep_following(folder: Path, traveller: time_machine.Traveller, reading: str) -> None:
    while True:
        time.sleep(_READS_EVERY)
        reading = _go_by(folder, traveller, reading)


def _go_by(folder: Path, traveller: time_machine.Traveller, last: str) -> str:
    reading = (folder / "time").read_text()
    if reading != last:
        traveller.move_to(datetime.fromisoformat(reading))
        _write_at_once(folder / f"{os.getpid()}.read", reading)
    return reading


def _write_at_once(file: Path, text: str) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(file)
