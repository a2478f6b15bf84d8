"""From a bare clone to a running command, with nothing but Python.

Outside a virtual environment `manage.py` makes `.venv`, installs requirements.lock into it (every
file checked against its hash), and runs itself again in there. With LEEWAY_NO_VENV=1, or inside an
environment of yours, it takes what it finds.

Plain standard library: this runs before anything is installed.
"""

import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from config.datadir import BASE_DIR, DataDirUnusable, data_dir, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = BASE_DIR / "requirements.lock"
VENV = BASE_DIR / ".venv"


class CannotSetUp(Exception):
    """The environment can't be made; the message is one plain line for a person."""


def main(argv: list[str]) -> None:
    """Run a management command, in the virtual environment that it needs."""
    try:
        if not _in_environment():
            make_environment()
            _run_again(argv)
        if not _finds_all_elsewhere():
            prepare(data_dir())
    except (CannotSetUp, DataDirUnusable) as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run the same command again to go on.")

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        _ = settings.INSTALLED_APPS  # reads the settings; Django would only say "unknown command"
    except ImproperlyConfigured as refusal:
        sys.exit(f"Leeway can't start: {refusal}")
    execute_from_command_line(argv)


def make_environment(venv: Path = VENV, lock: Path = LOCK) -> None:
    """Make the virtual environment, or bring it up to date with the lock; does nothing if it is.

    Raises CannotSetUp.
    """
    with _one_at_a_time(lock):
        stamp = venv / "requirements.sha256"
        wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
        if _is_sound(venv) and stamp.exists() and stamp.read_text() == wanted:
            return
        sys.stderr.write("Setting up .venv; this takes half a minute, once.\n")
        if not _is_sound(venv):
            _create(venv)
        _install(venv, lock)
        stamp.write_text(wanted)


def _in_environment() -> bool:
    return sys.prefix != sys.base_prefix or os.environ.get("LEEWAY_NO_VENV") == "1"


def _finds_all_elsewhere() -> bool:
    """Return whether nothing needs the data folder, as in a container that can't write."""
    return all(os.environ.get(name) for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"))


def _python(venv: Path) -> Path:
    return venv / "bin" / "python"


def _is_sound(venv: Path) -> bool:
    """Return whether the environment starts and has pip; one that was interrupted may not."""
    command = [str(_python(venv)), "-m", "pip", "--version"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _create(venv: Path) -> None:
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotSetUp(
            "Python's venv module is not installed. On Debian and Ubuntu: "
            f"sudo apt install python{version}-venv"
        )
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=False)
    if done.returncode:
        raise CannotSetUp(f"The virtual environment {venv} could not be made (see above).")


def _install(venv: Path, lock: Path) -> None:
    command = [str(_python(venv)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--requirement", str(lock)]
    if subprocess.run(command, check=False).returncode:
        raise CannotSetUp(
            "The packages could not be installed (pip's reason is above). "
            "Run the same command again to go on from here."
        )


@contextmanager
def _one_at_a_time(lock: Path) -> "Iterator[None]":
    """Let a second `manage.py` that starts meanwhile wait until the first has set things up."""
    import fcntl

    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run_again(argv: list[str]) -> NoReturn:
    python = str(_python(VENV))
    os.execv(python, [python, *argv])
