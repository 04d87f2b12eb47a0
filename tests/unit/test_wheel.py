"""The wheel holds everything that the installed program opens, and nothing that only a checkout needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the files in a wheel built from this checkout, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    words = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(folder), "."]
    done = subprocess.run([sys.executable, "-m", "pip", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("mirada-*.whl"))) as wheel:
        return set(wheel.namelist())


def test_every_asset_and_module_is_in_the_wheel(names: set[str]) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "engine", "desktop_app", "assets"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so nothing says which files belong to it")
    assert {line for line in listing.stdout.splitlines() if (ROOT / line).is_file()} <= names
    assert any(name.startswith("assets/models/") and name.endswith(".onnx") for name in names)


def test_translations_are_compiled(names: set[str]) -> None:
    sources = {name for name in names if name.endswith(".ts")}
    assert sources
    assert {name.removesuffix(".ts") + ".qm" for name in sources} <= names


def test_tests_stay_at_home(names: set[str]) -> None:
    packages = {name.split("/")[0] for name in names}
    assert {name for name in packages if not name.endswith(".dist-info")} == {"engine", "desktop_app", "assets"}


def test_the_command_is_installed(names: set[str]) -> None:
    assert [name for name in names if name.endswith("dist-info/entry_points.txt")]
    assert [name for name in names if name.endswith("licenses/LICENSE")]
