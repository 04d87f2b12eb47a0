"""The methods as tasks on an opened model: ask, work in batches, tell how far it is, and show the map so far."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.evidence.ablation import ablation_map, ablation_weights
from engine.evidence.cam import activation
from engine.evidence.eigen import eigen_map
from engine.evidence.evidence import ANSWER, Evidence, Floats, MapLayer, Method, Target, Trust, Unit
from engine.evidence.maps import find_layer, map_layers, read_maps, token_grid, without_channel
from engine.evidence.occlusion import occlusion_map, places
from engine.evidence.question import Question, ask, repeated, scores_of
from engine.evidence.rise import rise_map
from engine.evidence.score import score_maps
from engine.evidence.trust import STEPS, curves
from engine.runtime.run import Run
from engine.runtime.task import Context, Task

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Explain(Task):
    """A map of what speaks for a target; the result is an `Evidence`, and so is what is told on the way.

    Attributes:
        target: what is explained.
        layer: name or tensor of the layer to start from; None takes the last one that fits.
        batch: images asked about at a time.
    """

    target: Target = ANSWER
    layer: str | None = None
    batch: int = 16

    @abstractmethod
    def work(self, context: Context) -> Evidence:
        """Return the map.

        Raises:
            EngineError: nothing was run on an image, no such class or layer, or cancelled.
        """


@dataclass(frozen=True)
class ClassActivation(Explain):
    """Exact class activation maps (Zhou et al. 2016); no other layer than the classifier's own fits."""

    def work(self, context: Context) -> Evidence:
        """Return the map: its mean plus the class's bias is the logit."""
        return activation(run_of(context), self.target.index).evidence


@dataclass(frozen=True)
class EigenCam(Explain):
    """Eigen-CAM (Muhammad and Yeasin 2020) of a layer: of no class in particular."""

    def work(self, context: Context) -> Evidence:
        """Return the map."""
        run = run_of(context)
        layer = find_layer(context.model.description, self.layer)
        values = eigen_map(read_maps(run, layer))
        return Evidence("eigen-cam", values, "share", True, -1, layer=layer.name, asked=1)


@dataclass(frozen=True)
class ScoreCam(Explain):
    """Score-CAM (Wang et al. 2020).

    Attributes:
        most: channels used at most, those that vary most; 0 takes all.
    """

    most: int = 0

    def work(self, context: Context) -> Evidence:
        """Return the map."""
        question = ask(context, self.target)
        layer = find_layer(context.model.description, self.layer)
        maps = strongest(read_maps(run_of(context), layer), self.most)
        blank = _evidence("score-cam", question, "share", layer)

        def told(done: int, values: Floats) -> None:
            context.tell(done, len(maps), replace(blank, values=values, asked=done, finished=False))

        values = score_maps(maps, question.pixels, question.index, question.predict, self.batch, told)
        return replace(blank, values=values, asked=len(maps))


@dataclass(frozen=True)
class AblationCam(Explain):
    """Ablation-CAM (Desai and Ramaswamy 2020): the model runs on from the layer, with one channel zero at a time.

    Of tokens, the patches' channel is set to zero and the class token's is kept.

    Attributes:
        most: channels used at most, those that vary most; 0 takes all.
    """

    most: int = 0

    def work(self, context: Context) -> Evidence:
        """Return the map."""
        question = ask(context, self.target)
        run, layer = run_of(context), find_layer(context.model.description, self.layer)
        maps = read_maps(run, layer)
        order = channel_order(maps, self.most)
        without = _Without(context, question, run, layer)
        blank = _evidence("ablation-cam", question, "share", layer)

        def told(done: int, weights: Floats) -> None:
            values = ablation_map(maps[order], weights)
            context.tell(done, len(order), replace(blank, values=values, asked=done, finished=False))

        weights = ablation_weights(len(order), question.score, lambda part: without(order[part]), self.batch, told)
        return replace(blank, values=ablation_map(maps[order], weights), asked=len(order))


class _Without:
    """Scores of a class with channels of a layer set to zero."""

    def __init__(self, context: Context, question: Question, run: Run, layer: MapLayer) -> None:
        from engine.runtime.rest import NAME

        self._name, self._question, self._layer = NAME, question, layer
        self._model, self._feeds = context.model, context.feeds
        self._grid = token_grid(run, layer) if layer.axes == "tokens" else None
        self._tensor = run.tensor(layer.tensor)
        self._rest = context.model.after(layer.tensor, self._tensor)

    def __call__(self, channels: NDArray[np.intp]) -> Floats:
        """Return scores, (batch,)."""
        changed = [without_channel(self._tensor, self._layer, int(c), self._grid) for c in channels]
        images = np.repeat(self._question.pixels[None], len(channels), axis=0)
        feeds: Mapping[str, Array] = repeated(self._model, self._feeds, images)
        given = {name: array for name, array in feeds.items() if name in self._rest.takes}
        outputs = self._rest({**given, self._name: np.concatenate(changed)})
        target = self._question.target
        return scores_of(self._model, outputs, len(channels), target)[:, self._question.index]


@dataclass(frozen=True)
class Occlusion(Explain):
    """Occlusion (Zeiler and Fergus 2014): numbers are falls of the probability (or of a chosen output).

    Attributes:
        side: of the square that hides, in pixels of the model's image; 0 takes an eighth of the image.
        stride: pixels from one place to the next; 0 takes half the side.
    """

    side: int = 0
    stride: int = 0

    def work(self, context: Context) -> Evidence:
        """Return the map."""
        question = ask(context, self.target).probable()
        size = (question.pixels.shape[1], question.pixels.shape[2])
        side = (self.side or max(size[0] // 8, 1), self.side or max(size[1] // 8, 1))
        where = places(size, side, (self.stride or max(side[0] // 2, 1), self.stride or max(side[1] // 2, 1)))
        blank = _evidence("occlusion", question, question.unit)

        def told(done: int, values: Floats) -> None:
            context.tell(done, len(where), replace(blank, values=values, asked=done, finished=False))

        values = occlusion_map(
            question.pixels, question.score, question.index, question.predict, where, batch=self.batch, told=told
        )
        return replace(blank, values=values, asked=len(where))


@dataclass(frozen=True)
class Rise(Explain):
    """RISE (Petsiuk et al. 2018): numbers are parts of the probability (or of a chosen output).

    Attributes:
        masks: how many.
        cells: rows and columns of coarse cells.
        keep: share of cells that stay visible.
        seed: the same one gives the same masks.
    """

    masks: int = 1000
    cells: int = 7
    keep: float = 0.5
    seed: int = 0

    def work(self, context: Context) -> Evidence:
        """Return the map."""
        question = ask(context, self.target).probable()
        blank = _evidence("rise", question, question.unit)

        def told(done: int, values: Floats) -> None:
            context.tell(done, self.masks, replace(blank, values=values, asked=done, finished=False))

        cells = (self.cells, self.cells)
        values = rise_map(
            *(question.pixels, question.index, question.predict, self.masks, cells, self.keep, self.seed),
            batch=self.batch,
            told=told,
        )
        return replace(blank, values=values, asked=self.masks)


@dataclass(frozen=True)
class TrustCurves(Task):
    """Deletion and insertion curves of maps, and of chance; the result is a tuple of `Trust`.

    Attributes:
        maps: names and maps, (row, column) each, of any size.
        target: the class; the probability is followed, or a chosen output.
        steps: from none to all pixels.
        chance: random orders whose mean is added under the name "random"; 0 for none.
        batch: images asked about at a time.
    """

    maps: tuple[tuple[str, Floats], ...] = field(repr=False)
    target: Target = ANSWER
    steps: int = STEPS
    chance: int = 1
    batch: int = 16

    def work(self, context: Context) -> tuple[Trust, ...]:
        """Return curves, in the order of the maps; those that are ready are told on the way."""
        question = ask(context, self.target).probable()
        size = question.pixels.shape[1:]
        rng = np.random.default_rng(0)
        drawn = [("random", rng.random(size).astype(np.float32)) for _ in range(self.chance)]
        each = 2 * (self.steps + 1)
        total = each * (len(self.maps) + len(drawn))
        found: list[Trust] = []

        def told(done: int) -> None:
            context.tell(each * len(found) + done, total, tuple(found[: len(self.maps)]))

        for name, values in (*self.maps, *drawn):
            asked = (question.pixels, question.index, question.predict)
            found.append(curves(name, values, *asked, self.steps, self.batch, told))
        known, random = found[: len(self.maps)], found[len(self.maps) :]
        return (*known, *([mean_of(random)] if random else []))


def mean_of(curves_of: list[Trust]) -> Trust:
    """Return the mean of several curves at the same fractions."""
    deletion = np.mean([one.deletion for one in curves_of], axis=0)
    insertion = np.mean([one.insertion for one in curves_of], axis=0)
    areas = [float(np.mean([getattr(c, n) for c in curves_of])) for n in ("deletion_area", "insertion_area")]
    return replace(
        curves_of[0], deletion=deletion, insertion=insertion, deletion_area=areas[0], insertion_area=areas[1]
    )


@dataclass(frozen=True)
class FindLayers(Task):
    """The layers that methods may start from, in execution order; the result is a tuple of `MapLayer`."""

    def work(self, context: Context) -> tuple[MapLayer, ...]:
        """Return the layers."""
        return map_layers(context.model.description)


METHODS: dict[Method, type[Explain]] = {
    "cam": ClassActivation,
    "eigen-cam": EigenCam,
    "score-cam": ScoreCam,
    "ablation-cam": AblationCam,
    "occlusion": Occlusion,
    "rise": Rise,
}
"""Name -> task; a new method is one file and one line."""


def run_of(context: Context) -> Run:
    """Return the run on screen, or make it.

    Raises:
        EngineError: nothing was run on an image.
    """
    if context.run is not None:
        return context.run
    if not context.feeds:
        raise EngineError("not-on-image", name=context.model.description.name)
    return context.model.run(context.feeds, image=context.image)


def channel_order(maps: Floats, most: int) -> NDArray[np.intp]:
    """Return the channels to use, (channel,): all, or the `most` that vary most, in their own order."""
    if not 0 < most < len(maps):
        return np.arange(len(maps))
    return np.sort(np.argsort(-maps.var(axis=(1, 2)), kind="stable")[:most])


def strongest(maps: Floats, most: int) -> Floats:
    """Return the `most` maps that vary most, (channel, row, column); all for 0."""
    return maps[channel_order(maps, most)]


def _evidence(method: Method, question: Question, unit: Unit, layer: MapLayer | None = None) -> Evidence:
    """Return an answer without its map."""
    signed = method in ("occlusion", "rise")
    return Evidence(
        method,
        np.zeros((1, 1), np.float32),
        unit,
        signed,
        question.named,
        question.label,
        question.score,
        "" if layer is None else layer.name,
    )
