"""The engine process behind the window: it may be replaced, cancelled, killed, and the window lives."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop_app.main_window import MainWindow
from desktop_app.process.client import EngineClient
from desktop_app.process.protocol import PhotoFile
from engine.images.plan import ImagePlan
from tests.gui import makers
from tests.gui.conftest import PATIENCE_MS, look, new_client


def start_endless_run(window: MainWindow, qtbot: QtBot, folder: Path) -> Path:
    """Begin a run that never ends by itself, and wait until it runs."""
    phases: list[object] = []
    window.controller.phase_changed.connect(phases.append)
    model = makers.endless(folder / "endless.onnx")
    window.controller.open(model)
    qtbot.waitUntil(lambda: "running" in phases, timeout=PATIENCE_MS)
    qtbot.wait(50)
    return model


def shared_blocks() -> list[str]:
    """Return blocks of shared memory that have a name."""
    folder = Path("/dev/shm")
    return [path.name for path in folder.iterdir() if path.name.startswith("mirada-")] if folder.is_dir() else []


def test_killed_in_the_middle_of_a_run_the_window_goes_on(
    window: MainWindow, client: EngineClient, qtbot: QtBot, tmp_path: Path
) -> None:
    before, run = window.grab().toImage(), window.controller.run
    start_endless_run(window, qtbot, tmp_path)
    pid = client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(window.notices.rows), timeout=PATIENCE_MS)
    (row,) = window.notices.rows
    assert "engine stopped" in row.text
    assert "endless.onnx" in row.text
    assert row.button.text() == "Try again"
    assert window.isVisible()
    assert window.controller.run is run
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert client.pid != pid
    assert window.controller.run is not run
    assert window.controller.run is not None
    assert window.controller.run.image is not None
    assert window.controller.run.image.photo.name == "truck.jpg"
    assert not window.notices.rows
    assert window.grab().toImage() != before
    assert shared_blocks() == []


def test_the_notice_of_a_dead_engine_offers_to_run_again(
    window: MainWindow, client: EngineClient, qtbot: QtBot, tmp_path: Path
) -> None:
    start_endless_run(window, qtbot, tmp_path)
    assert client.pid is not None
    os.kill(client.pid, signal.SIGSEGV)
    qtbot.waitUntil(lambda: bool(window.notices.rows), timeout=PATIENCE_MS)
    assert "SIGSEGV" in window.notices.rows[0].text
    makers.without_attention(tmp_path / "endless.onnx")
    with qtbot.waitSignal(window.controller.succeeded, timeout=PATIENCE_MS):
        window.notices.rows[0].button.click()
    assert window.controller.model is not None
    assert window.controller.model.name.startswith("endless")


def test_an_engine_that_dies_idle_is_replaced(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    pid = client.pid
    assert pid is not None
    with qtbot.waitSignal(client.stopped, timeout=PATIENCE_MS):
        os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(window.notices.rows), timeout=PATIENCE_MS)
    look(window, qtbot, makers.OTHER_MODEL)
    assert client.pid not in (None, pid)


def test_cancel_ends_a_run_and_keeps_the_screen(
    window: MainWindow, client: EngineClient, qtbot: QtBot, tmp_path: Path
) -> None:
    run, pid = window.controller.run, client.pid
    start_endless_run(window, qtbot, tmp_path)
    qtbot.waitUntil(window.activity.isVisible, timeout=PATIENCE_MS)
    with qtbot.waitSignal(window.controller.refused, timeout=PATIENCE_MS):
        window.activity.button.click()
    assert window.controller.run is run
    assert client.pid == pid, "the runtime ends a run by itself; no process had to be killed"
    assert not window.notices.rows
    qtbot.waitUntil(window.activity.isHidden, timeout=PATIENCE_MS)
    look(window, qtbot, None, makers.OTHER_SAMPLE)
    assert window.controller.model is not None
    assert window.controller.model.name == "vit"


def test_a_process_that_does_not_listen_is_killed(
    window: MainWindow, client: EngineClient, qtbot: QtBot, tmp_path: Path
) -> None:
    start_endless_run(window, qtbot, tmp_path)
    pid = client.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with qtbot.waitSignal(window.controller.refused, timeout=PATIENCE_MS):
        window.controller.cancel()
    assert client.pid != pid
    assert not window.notices.rows
    look(window, qtbot, None, makers.OTHER_SAMPLE)


def test_the_latest_request_wins(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    start_endless_run(window, qtbot, tmp_path)
    answers: list[object] = []
    window.controller.succeeded.connect(answers.append)
    for number in range(4):
        window.controller.open(makers.VIT, PhotoFile(str(makers.photo(tmp_path / f"{number}.png"))))
    qtbot.waitUntil(lambda: not window.controller.busy and bool(answers), timeout=PATIENCE_MS)
    assert len(answers) == 1
    run = window.controller.run
    assert run is not None
    assert run.image is not None
    assert run.image.photo.name == "3.png"
    assert shared_blocks() == []


def test_what_arrives_is_read_only_and_exact(window: MainWindow) -> None:
    run = window.controller.run
    assert run is not None
    assert run.image is not None
    arrays = [*run.inputs.values(), *run.outputs.values(), *run.tensors.values(), run.image.photo.pixels]
    assert all(not array.flags.writeable for array in arrays)
    import engine
    from engine.images.load import load_photo
    from engine.images.prepare import prepare

    model = engine.open_model(makers.VIT)
    assert model.description.image_plan is not None
    own = model.run_image(prepare(load_photo(makers.SAMPLE), model.description.image_plan))
    np.testing.assert_allclose(run.outputs["logits"], own.outputs["logits"], rtol=1e-5, atol=1e-5)
    for site, own_site in zip(run.model.sites, own.model.sites, strict=True):
        np.testing.assert_allclose(run.pattern(site), own.pattern(own_site), rtol=1e-5, atol=1e-6)


def test_a_run_outlives_the_process_that_made_it(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    run = window.controller.run
    assert run is not None
    before = run.pattern(run.model.sites[0]).copy()
    with qtbot.waitSignal(client.stopped, timeout=PATIENCE_MS):
        assert client.pid is not None
        os.kill(client.pid, signal.SIGKILL)
    np.testing.assert_array_equal(run.pattern(run.model.sites[0]), before)


def test_tensors_can_be_fetched_after_the_run(window: MainWindow, client: EngineClient, qtbot: QtBot) -> None:
    run = window.controller.run
    assert run is not None
    site = run.model.sites[0]
    name = site.plan.pattern.value if site.plan.pattern is not None else ""
    assert name
    with qtbot.waitSignal(client.fetched, timeout=PATIENCE_MS) as fetched:
        client.fetch((name,))
    (arrival,) = fetched.args or ()
    assert set(arrival.tensors) == {name}


def test_closing_leaves_nothing(qtbot: QtBot) -> None:
    client = new_client()
    client.start()
    plan: ImagePlan | None = None
    with qtbot.waitSignal(client.looked, timeout=PATIENCE_MS):
        client.look(str(makers.VIT), PhotoFile(str(makers.SAMPLE)), plan)
    client.look(str(makers.VIT), PhotoFile(str(makers.OTHER_SAMPLE)), plan)
    client.close()
    assert client.pid is None
    assert shared_blocks() == []
    client.close()


def broken(connection: object) -> None:
    """Stand in for an engine process that cannot even start."""
    os._exit(3)


def test_an_engine_that_cannot_start_is_said_once_and_not_retried_for_ever(qtbot: QtBot) -> None:
    client = EngineClient(target=broken)
    with qtbot.waitSignal(client.stopped, timeout=PATIENCE_MS) as stopped:
        client.look(str(makers.VIT), None)
    (stop,) = stopped.args or ()
    assert stop.early
    assert stop.exit_code == 3
    assert not client.busy
    assert client.pid is None
    client.close()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory has no folder to look into here")
def test_no_named_memory_stays_behind_a_run(window: MainWindow) -> None:
    assert window.controller.run is not None
    assert shared_blocks() == []
