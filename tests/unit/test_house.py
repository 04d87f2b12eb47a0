"""The house keeps its own rules: who loads what, what is written where, and that the papers agree."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MODULES = sorted(path for name in ("engine", "desktop_app", "assets") for path in (ROOT / name).rglob("*.py"))
HEAVY = {"onnx", "onnx_ir", "onnxruntime"}
QT = {"PySide6", "pyqtgraph", "superqt", "qtpy"}

LONGEST_MODULE = 400
LONGEST_FUNCTION = 70
ROOMY_MODULE = 250


def loaded_by(statement: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter has loaded after `statement`."""
    question = f"{statement}; import sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


def tracked_files() -> list[Path]:
    """Return the files of the checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so nothing says which files belong to it")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def project_name(requirement: str) -> str:
    """Return the normalised project name of a requirement."""
    return re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower().replace("_", "-")


def locked(lock: str) -> set[str]:
    """Return the projects that a lock file pins."""
    return {project_name(line) for line in (ROOT / lock).read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)}


@pytest.mark.parametrize(
    "statement",
    [
        "import engine",
        "import engine, engine.attention, engine.grid",
        "import engine.evidence.tasks, engine.comparison",
    ],
)
def test_reading_a_run_needs_no_runtime_and_no_window(statement: str) -> None:
    assert not loaded_by(statement) & (HEAVY | QT)


@pytest.mark.parametrize("module", ["desktop_app.main_window", "desktop_app.__main__"])
def test_the_window_paints_before_anything_heavy_is_loaded(module: str) -> None:
    assert not loaded_by(f"import {module}") & (HEAVY | {"pyqtgraph", "scipy"})


def test_the_runtime_neither_reports_nor_leaves_traces(tmp_path: Path) -> None:
    """ONNX Runtime writes an identifier of the machine into the user's cache as soon as it may report anything."""
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    act = "import engine; engine.open_model('assets/models/vit')"
    done = subprocess.run([sys.executable, "-c", act], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.rglob("*"))


def test_views_never_import_each_other() -> None:
    """`VIEWS` names the views; a file `heads_page.py` belongs to the view `heads.py`."""
    folder = ROOT / "desktop_app" / "views"
    registry = (folder / "__init__.py").read_text()
    views = set(re.findall(r"from desktop_app\.views\.(\w+) import \w+View\b", registry))
    assert views
    home = {  # which view a file belongs to; None where it is shared by all
        path.stem: max((v for v in views if path.stem == v or path.stem.startswith(f"{v}_")), key=len, default=None)
        for path in folder.glob("*.py")
    }
    for path in folder.glob("*.py"):
        imported = set(re.findall(r"(?:from|import) desktop_app\.views\.(\w+)", path.read_text()))
        strange = {name for name in imported if home[name] not in (None, home[path.stem])}
        assert path.stem == "__init__" or not strange, f"{path.name} imports {strange}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    machine = [f"/{folder}/".encode() for folder in ("work", "root", "home", "opt", "tmp")]
    registry = [b"pypi" + b".org", b"python" + b"hosted", b"deb." + b"debian", b"npm" + b"js", b"conda" + b".org"]
    own_words = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}: {mark.decode()}"
        for path in tracked_files()
        if path != own_words
        for content in [path.read_bytes()]
        for mark in machine + registry
        if re.search(rb"(?<![\w./}~-])" + re.escape(mark) if mark in machine else re.escape(mark), content)
    ]
    assert not found, "\n".join(found)


def test_bytecode_is_kept() -> None:
    """Without it, starting takes twice as long."""
    word = b"PYTHONDONT" + b"WRITEBYTECODE"
    assert not [path for path in tracked_files() if word in path.read_bytes()]


def public_functions(path: Path) -> list[tuple[str, ast.FunctionDef]]:
    """Return the public functions and methods of a module, with their names."""
    found = []
    for node in ast.parse(path.read_text()).body:
        holders = [(f"{node.name}.", node.body)] if isinstance(node, ast.ClassDef) else [("", [node])]
        for prefix, body in holders:
            found += [
                (f"{path.relative_to(ROOT)}: {prefix}{item.name}", item)
                for item in body
                if isinstance(item, ast.FunctionDef) and not f"{prefix}{item.name}".startswith("_")
                if not item.name.startswith("_")
            ]
    return found


def test_public_functions_that_give_arrays_say_their_shape() -> None:
    """`(batch, head, query, key)` and the like, or in words why it has no fixed one."""
    axis = r"[a-z0-9_]+(?: [*×+-] [a-z0-9_]+)?"
    shape = re.compile(rf"any shape|axes of|\({axis},(?: ?{axis},?)*\)")
    silent = [
        name
        for path in (ROOT / "engine").rglob("*.py")
        for name, function in public_functions(path)
        if function.returns is not None
        and re.match(r"(tuple\[)?(NDArray|Floats|Tensor)\b", ast.unparse(function.returns))
        if not shape.search(ast.get_docstring(function) or "")
    ]
    assert not silent, "no shape in the docstring of:\n" + "\n".join(silent)


def test_the_public_face_is_documented_and_complete() -> None:
    import engine

    assert engine.__all__ == sorted(engine.__all__)
    assert not [name for name in engine.__all__ if not (getattr(engine, name).__doc__ or "").strip()]


def test_modules_and_functions_stay_readable() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in MODULES}
    report = "\n".join(
        f"{length:5d} {path}" for path, length in sorted(lengths.items(), key=lambda item: -item[1])[:15]
    )
    assert max(lengths.values()) <= LONGEST_MODULE, report
    assert sum(length <= ROOMY_MODULE for length in lengths.values()) >= 0.85 * len(lengths), report
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long_functions, "\n".join(long_functions)


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md", "tests/benchmarks/README.md", ".ci/run"])
def test_every_command_that_is_named_exists(paper: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    # Only commands: in code spans, code blocks and scripts, not the English verb.
    named = set(re.findall(r"(?:^ {4}|^|`|&& )make ([a-z][a-z-]+)", (ROOT / paper).read_text(), re.MULTILINE))
    assert named
    assert named <= targets


def test_help_lists_every_command() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    listed = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert {name for name in phony if not name.startswith("set-up")} == listed


def test_the_changelog_speaks_of_this_version() -> None:
    import engine

    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    versions = [heading.split()[0] for heading in headings]
    assert engine.__version__ == versions[0], headings


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
        ("requirements-train.lock", PROJECT["project"]["optional-dependencies"]["train"]),
    ],
)
def test_the_lock_holds_every_dependency_with_its_hash_and_no_address(lock: str, wanted: list[str]) -> None:
    assert {project_name(requirement) for requirement in wanted} <= locked(lock), "run `make lock`"
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[A-Za-z0-9][^\n]*(?:\n {4}--hash=sha256:[0-9a-f]{64}[ \\]*)+", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))
    assert not re.search(r"--index|--find-links|https?:", text)


def test_python_311_never_gets_the_qt_that_dies_on_it() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        found = re.search(
            r"^pyside6-essentials==([\d.]+) ; python_full_version < '3.12'", (ROOT / lock).read_text(), re.MULTILINE
        )
        assert found, lock
        assert tuple(map(int, found[1].split("."))) < (6, 12)


def test_the_examples_of_the_readme_are_what_the_program_prints() -> None:
    """Numbers of a run may differ in their last digits from processor to processor, words and sizes may not."""
    from tests.readme import answer, examples

    found = examples()
    assert len(found) >= 2
    for command, told in found:
        said = answer(command)
        if command.startswith("inspect"):
            assert said == told, "run `make readme`"
        else:
            number = re.compile(r"\d[\d.e-]*")
            assert number.sub("#", said) == number.sub("#", told), "run `make readme`"
