"""`python3 manage.py …` on a bare clone sets itself up, or says in one line what is missing."""

import ast
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from config import bootstrap
from config.datadir import BASE_DIR, DataDirUnusable, kept_secret_key, prepare


def write_lock(folder: Path, *, package: str, digest: str | None = None) -> Path:
    """Write a lock of one package, whose wheel lies in the same folder."""
    wheel = folder / f"{package}-1.0-py3-none-any.whl"
    metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{package}.py", "")
        about = f"{package}-1.0.dist-info"
        archive.writestr(f"{about}/METADATA", metadata)
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = folder / "requirements.lock"
    lock.write_text(f"--no-index\n--find-links {folder}\n{package}==1.0 --hash=sha256:{digest}\n")
    return lock


def has(venv: Path, package: str) -> bool:
    """Return whether the environment can import the package."""
    command = [str(venv / "bin" / "python"), "-c", f"import {package}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A virtual environment made from a lock; gives both."""
    folder = tmp_path_factory.mktemp("environment")
    lock = write_lock(folder, package="first_package")
    bootstrap.make_environment(folder / ".venv", lock)
    return folder / ".venv", lock


def test_the_environment_follows_the_lock(environment: tuple[Path, Path]) -> None:
    venv, lock = environment
    assert has(venv, "first_package")

    made_at = (venv / "requirements.sha256").stat().st_mtime_ns
    bootstrap.make_environment(venv, lock)
    assert (venv / "requirements.sha256").stat().st_mtime_ns == made_at, "nothing to do"

    write_lock(lock.parent, package="second_package")
    bootstrap.make_environment(venv, lock)
    assert has(venv, "second_package")


def test_a_package_with_another_hash_is_refused(environment: tuple[Path, Path]) -> None:
    venv, lock = environment
    before = (venv / "requirements.sha256").read_text()
    write_lock(lock.parent, package="tampered", digest="0" * 64)
    with pytest.raises(bootstrap.CannotSetUp, match="could not be installed"):
        bootstrap.make_environment(venv, lock)
    assert not has(venv, "tampered")
    assert (venv / "requirements.sha256").read_text() == before, "so that it is tried again"


def test_a_missing_venv_module_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    lock = write_lock(tmp_path, package="any_package")
    with pytest.raises(bootstrap.CannotSetUp, match=r"sudo apt install python3\.\d+-venv"):
        bootstrap.make_environment(tmp_path / ".venv", lock)


def test_an_old_python_reads_one_clear_line() -> None:
    source = (BASE_DIR / "manage.py").read_text()
    ast.parse(source, feature_version=(3, 4))  # it must be readable to say so

    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('manage.py')"
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Leeway needs Python 3.11 or newer; this is Python 3.9.\n"


def test_outside_an_environment_it_can_be_told_to_take_what_it_finds() -> None:
    """LEEWAY_NO_VENV=1, for containers: the base Python has no Django, and none is fetched."""
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    done = subprocess.run(
        [python, "-S", "manage.py", "check"],
        cwd=BASE_DIR,
        env={**os.environ, "LEEWAY_NO_VENV": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No module named 'django'" in done.stderr
    assert "Setting up" not in done.stderr


def test_a_data_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(DataDirUnusable, match="can't be written"):
        prepare(in_the_way / "var")


def test_the_secret_key_is_kept_and_private(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path)
    assert len(key) > 80
    assert kept_secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_two_processes_that_start_together_keep_the_same_key(tmp_path: Path) -> None:
    ask = f"from config.datadir import *; print(kept_secret_key(Path({str(tmp_path)!r})))"
    command = [sys.executable, "-c", ask]
    asked = [
        subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in asked}) == 1
