"""From a bare Python to a running script: the part of `./run` and `./test` that needs nothing installed.

Makes `.venv`, installs one of `requirements/{base,dev,e2e}.txt` (each holds the ones before it, all
pinned by hash) and replaces this process by the wanted script. A stamp makes the second time instant.
Installs with a pinned uv; where that cannot be had or cannot reach its index, with pip.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
REQUIREMENTS = ROOT / "requirements"
KINDS = ("base", "dev", "e2e")
PROGRESS_EVERY = 3.0


def say(text: str) -> None:
    print(f"[setup] {text}", flush=True)


def main(kind: str, *argv: str) -> NoReturn:
    """Make sure of the requirements of that kind, then become `python argv…` inside `.venv`."""
    with only_one():
        ensure(kind)
    os.chdir(ROOT)
    env = dict(
        os.environ,
        PATH=f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        VIRTUAL_ENV=str(VENV),
    )
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)  # without bytecode every start compiles Django and Celery anew: 15 s, not 4
    os.execve(PYTHON, [str(PYTHON), *argv], env)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two scripts started together install one after the other, not into each other."""
    folder = os.open(REQUIREMENTS, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def ensure(kind: str) -> None:
    """Install the requirements of that kind, unless a stamp says that they are there."""
    if venv_is_usable() and any(is_stamped(k) for k in KINDS[KINDS.index(kind) :]):
        return
    started = time.monotonic()
    wanted = REQUIREMENTS / f"{kind}.txt"
    say(f"installing about {count_of(wanted)} packages into .venv (only when they changed)")
    make_venv()
    if not (install_with_uv(wanted) or install_with_pip(wanted)):
        sys.exit(
            "[setup] the packages could not be installed; the lines above say why. Mend that and start again."
        )
    stamp_of(kind).write_text(digest_of(kind))
    say(f"done in {time.monotonic() - started:.0f} s")


def stamp_of(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def digest_of(kind: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{kind}.txt").read_bytes()).hexdigest()


def is_stamped(kind: str) -> bool:
    return stamp_of(kind).exists() and stamp_of(kind).read_text() == digest_of(kind)


def count_of(requirements: Path) -> int:
    return sum(line[:1].isalpha() for line in requirements.read_text().splitlines())


def venv_is_usable() -> bool:
    """Whether `.venv` exists and was made for this minor version of Python."""
    folder = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return PYTHON.exists() and folder.is_dir()


def make_venv() -> None:
    if venv_is_usable():
        return
    bare = ["--without-pip"] if host_pip_can_install_elsewhere() else []
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", *bare, str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        hint = "On Debian and Ubuntu: apt-get install python3-venv python3-pip"
        sys.exit(f"{made.stdout}{made.stderr}[setup] a virtual environment could not be made. {hint}")


def host_pip_can_install_elsewhere() -> bool:
    """Whether there is a pip with `--python` (22.3 and later), which spares the venv its own pip: 15 s."""
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False
    )
    version = answer.stdout.split()[1] if answer.returncode == 0 else "0"
    return [int(part) for part in version.split(".")[:2] if part.isdigit()] >= [22, 3]


def pip() -> list[str]:
    own = (VENV / "bin" / "pip").exists()
    return [str(PYTHON), "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def install_with_uv(requirements: Path) -> bool:
    if os.environ.get("SETUP_WITH") == "pip":
        return False
    if not UV.exists():
        run(
            [
                *pip(),
                "install",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                str(REQUIREMENTS / "uv.txt"),
            ]
        )
    if not UV.exists():
        return False
    # With the machine's certificates first, which know a company's own; its own ones where there are none.
    command = [str(UV), "pip", "install", "--require-hashes", "-r", str(requirements)]
    return run([*command, "--system-certs"], requirements) or run(command, requirements)


def install_with_pip(requirements: Path) -> bool:
    say("installing with pip, which takes about a minute")
    flags = ["--disable-pip-version-check", "--no-compile", "--progress-bar=off", "--require-hashes"]
    return run([*pip(), "install", *flags, "-r", str(requirements)], requirements)


def run(command: list[str], requirements: Path | None = None) -> bool:
    """Run quietly, with a line of progress every few seconds; the whole output only if it fails."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    env["VIRTUAL_ENV"] = str(VENV)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        errors="replace",
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    started = time.monotonic()
    while reader.is_alive():
        reader.join(PROGRESS_EVERY)
        if reader.is_alive() and requirements:
            say(progress(lines, requirements, seconds=time.monotonic() - started))
    if process.wait():
        print("".join(lines[-30:]), end="", flush=True)
    return process.returncode == 0


def progress(lines: list[str], requirements: Path, *, seconds: float) -> str:
    """How far it is: how many packages pip has looked at, or what uv said last."""
    collected = sum(line.startswith("Collecting ") for line in lines)
    if collected:
        return f"{seconds:.0f} s: {collected} of about {count_of(requirements)} packages"
    return f"{seconds:.0f} s: {lines[-1].strip()[:80] if lines else 'waiting for the package index'}"
