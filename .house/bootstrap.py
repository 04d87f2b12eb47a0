"""Set-up: everything a fresh machine lacks, by the standard library alone.

    python3 .house/bootstrap.py run      what the program needs
    python3 .house/bootstrap.py dev      and what its tests and checks need
    python3 .house/bootstrap.py train    a second environment, for the recipes that train the bundled models

Makes `.venv` from the lock file, every wheel checked against its hash, and looks for the system libraries
that Qt loads. What is missing is installed when root asks, else named with the exact apt line. A stamp in the
environment remembers which lock it was made from, so that a second call is over at once.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)

ENVIRONMENTS = {
    "run": (".venv", "requirements.lock"),
    "dev": (".venv", "requirements-dev.lock"),
    "train": (".venv-train", "requirements-train.lock"),
}
LARGER = {"run": ("dev",)}
"""An environment made for `dev` serves `run` too."""

# What Qt loads by name, and the Debian package that brings it.
OFFSCREEN_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def main() -> None:
    """Set up what `sys.argv` asks for."""
    parser = argparse.ArgumentParser(description="Set Mirada up in this checkout.")
    parser.add_argument("purpose", choices=sorted(ENVIRONMENTS))
    purpose = parser.parse_args().purpose
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        refuse(f"Mirada needs Python 3.11 or newer; this is {found}.", "Name a newer one: make PYTHON=python3.12 run")
    current = is_current(purpose)
    provide_packages(missing_libraries() | ({} if current else missing_for_environment(purpose)))
    if not current:
        provide_environment(purpose)


def missing_libraries() -> dict[str, str]:
    """Return the libraries that Qt loads and this system lacks, with their Debian packages."""
    if not sys.platform.startswith("linux"):
        return {}
    wanted = OFFSCREEN_LIBRARIES | (X11_LIBRARIES if os.environ.get("DISPLAY") else {})
    return {soname: package for soname, package in wanted.items() if not loads(soname)}


def missing_for_environment(purpose: str) -> dict[str, str]:
    """Return what is missing to make the virtual environment of `purpose`, with its Debian package."""
    # Debian keeps this module, and with it venv's work, in a package of its own.
    if works(python_of(folder_of(purpose))) or importlib.util.find_spec("ensurepip"):
        return {}
    return {"Python's ensurepip module": f"python{sys.version_info.major}.{sys.version_info.minor}-venv"}


def loads(soname: str) -> bool:
    """Say whether the dynamic linker finds `soname`; a package manager may not know what is really there."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def provide_packages(missing: dict[str, str]) -> None:
    """Install the Debian packages of what is `missing` when that is allowed here, else stop with the line that does it.

    Args:
        missing: what is missing -> the package that brings it.
    """
    if not missing:
        return
    packages = sorted(set(missing.values()))
    names = " ".join(packages)
    why = f"This system lacks {', '.join(missing)}."
    if shutil.which("apt-get") is None:
        refuse(why, f"Install what your system calls these Debian packages, then try again: {names}")
    if os.geteuid() != 0:
        refuse(why, f"Run this line once, then try again:\n\n    sudo apt-get install -y {names}\n")
    say(f"{why} Installing {names} ...")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(  # noqa: S603 - fixed words and the package names above
            ["apt-get", "-qq", *command],  # noqa: S607 - the system's own
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            refuse("apt-get failed; its own words are above.", f"Mend that, then: apt-get install -y {names}")
    if still := [soname for soname in missing if ".so" in soname and not loads(soname)]:
        refuse(f"{', '.join(still)} still cannot be loaded.", "Install the packages that bring them, then try again.")


def is_current(purpose: str) -> bool:
    """Say whether the environment of `purpose`, or a larger one in its place, was made from its lock."""
    for serving in (purpose, *LARGER.get(purpose, ())):
        stamp = stamp_of(serving)
        if stamp.is_file() and stamp.read_text() == fingerprint(ROOT / ENVIRONMENTS[serving][1]):
            return True
    return False


def provide_environment(purpose: str) -> None:
    """Make the virtual environment of `purpose` from its lock."""
    folder, lock = folder_of(purpose), ROOT / ENVIRONMENTS[purpose][1]
    python = python_of(folder)
    if not works(python):
        say(f"Making the virtual environment {folder.name} ...")
        run([sys.executable, "-m", "venv", "--clear", str(folder)], "The virtual environment could not be made.")
    say(f"Installing what {lock.name} lists into {folder.name} (once, some minutes) ...")
    # The lock is complete and carries hashes, so pip need neither resolve nor trust anybody.
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "-r", str(lock)]
    run(command, "pip could not install the locked packages; its own words are above.")
    stamp_of(purpose).write_text(fingerprint(lock))


def folder_of(purpose: str) -> Path:
    """Return the folder of the environment of `purpose`."""
    return ROOT / ENVIRONMENTS[purpose][0]


def stamp_of(purpose: str) -> Path:
    """Return the file that remembers which lock the environment was made from."""
    return folder_of(purpose) / f".mirada-{purpose}"


def python_of(folder: Path) -> str:
    """Return the interpreter of the virtual environment in `folder`."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def works(python: str) -> bool:
    """Say whether `python` is of our own version and has pip."""
    question = "import pip, sys; print(sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return False
    return answer.stdout.strip() == str(tuple(sys.version_info[:2]))


def fingerprint(lock: Path) -> str:
    """Return what tells one lock and interpreter from another."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info.major}.{sys.version_info.minor}\n"


def run(command: list[str], when_it_fails: str) -> None:
    """Run `command`, or stop with one sentence."""
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:  # noqa: S603 - our own words
        refuse(when_it_fails, "Mend that and try again; what is already there is kept.")


def say(line: str) -> None:
    """Tell the user what takes time."""
    print(line, flush=True)  # noqa: T201


def refuse(sentence: str, advice: str) -> None:
    """Stop with one sentence and what to do about it."""
    sys.exit(f"{sentence} {advice}")


if __name__ == "__main__":
    main()
