"""For every test: no display, no settings of the person who runs them, no way to the network."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure: nothing in the suite is timed.
settings.register_profile("mirada", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mirada")

HOME_VARIABLES = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")


class Isolation:
    """A home of its own for this test process, made before Qt or platformdirs look for one."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="mirada-tests-"))
        for variable in HOME_VARIABLES:
            folder = self.home if variable == "HOME" else self.home / variable.lower()
            folder.mkdir(mode=0o700, exist_ok=True)
            os.environ[variable] = str(folder)
        # As the engine does; tests that import onnxruntime themselves must not report their use either.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        # A window is drawn in memory; the end-to-end tests start their own display for another process.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "LANGUAGE"):
            os.environ.pop(variable, None)
        os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"

    def wipe(self) -> None:
        """Forget what a test has stored in this home."""
        for entry in self.home.rglob("*"):
            if entry.is_file():
                entry.unlink(missing_ok=True)

    @pytest.hookimpl
    def pytest_unconfigure(self) -> None:
        """Remove the home."""
        shutil.rmtree(self.home, ignore_errors=True)


ISOLATION = Isolation()


def pytest_configure(config: pytest.Config) -> None:
    """Hand the isolated home over to pytest, which removes it at the end."""
    config.pluginmanager.register(ISOLATION, "mirada-isolation")


@pytest.fixture(autouse=True)
def _settings_of_its_own() -> Iterator[None]:
    """No test sees the settings or recent files of another."""
    yield
    ISOLATION.wipe()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mirada works offline: any connection but to this machine's own sockets is a failure."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            pytest.fail(f"something tried to reach the network: {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
