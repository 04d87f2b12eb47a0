"""The report on two models and one photo, put together from what was computed; every sentence can be translated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.comparison import Measured, ModelFacts, Reach
from engine.images.overlay import Look
from engine.images.plan import Prepared
from engine.messages import Message
from engine.predictions import Prediction
from engine.report import words
from engine.report.document import Picture, Report, Section, Table
from engine.report.evidence_figure import draw_map, signed_look
from engine.report.plot import Line, bars, matrix, plot
from engine.robustness import Robustness
from engine.runtime.neutral import by_times
from engine.similarity import Similarity

SIDE = 264
"""Longer side of the pictures of what a model looked at."""


@dataclass(frozen=True)
class Looked:
    """One way to see what a model looked at: what it is, and numbers over the photo."""

    what: Message
    values: NDArray[np.floating] = field(repr=False)


@dataclass(frozen=True)
class Findings:
    """What was found about one model.

    Attributes:
        facts: of the model.
        photo: the photo, and what the model saw of it.
        classes: most probable ones, best first.
        looked: what it looked at, in several ways.
        reach: how far its layers see.
        notes: on how the photo was prepared, and what could not be done.
        measured: what a run costs; None where that was left out.
    """

    facts: ModelFacts
    photo: Prepared
    classes: tuple[Prediction, ...]
    looked: tuple[Looked, ...]
    reach: tuple[Reach, ...]
    notes: tuple[Message, ...] = ()
    measured: Measured | None = None


@dataclass(frozen=True)
class Voice:
    """How a report speaks.

    Attributes:
        language: tag of its language.
        lookup: turns English templates into it.
    """

    language: str = "en"
    lookup: Callable[[str], str] = lambda template: template

    @property
    def decimal(self) -> str:
        """The sign of decimals: a comma in Spanish."""
        return "," if self.language == "es" else "."

    def number(self, value: float, places: int = 1) -> str:
        """Write a number, its thousands parted by narrow spaces."""
        return f"{value:,.{places}f}".replace(",", "\u202f").replace(".", self.decimal)

    def say(self, code: str, **details: object) -> str:
        """Return a sentence of the catalogue."""
        return Message.of(code, **details).text(self.lookup)


def comparison_report(
    both: tuple[Findings, Findings],
    robustness: tuple[Robustness, ...] = (),
    similarity: Similarity | None = None,
    voice: Voice | None = None,
) -> Report:
    """Return the report.

    Args:
        both: what was found about each model.
        robustness: curves of both, of several kinds of damage.
        similarity: of their layers.
        voice: its language; English by default.
    """
    voice = voice or Voice()
    names = [found.facts.name for found in both]
    sections = [_answers(both, voice), _looks(both, voice), _reach(both, voice)]
    if robustness:
        sections.append(_robustness(robustness, voice))
    if similarity is not None:
        sections.append(_similarity(similarity, names, voice))
    sections.append(_facts(both, voice))
    title = voice.say("report-title", first=names[0], second=names[1])
    lines = (voice.say("report-photo", name=both[0].photo.photo.name),)
    return Report(title, lines, tuple(s for s in sections if s.pictures or s.table or s.lines), voice.language)


def _answers(both: tuple[Findings, Findings], voice: Voice) -> Section:
    rows = []
    for found in both:
        shown = [(one.label, one.probability) for one in found.classes]
        if shown:
            rows.append(Picture(bars(shown, decimal=voice.decimal), found.facts.name))
    notes = [f"{found.facts.name}: {note.text(voice.lookup)}" for found in both for note in found.notes]
    return Section(voice.say("report-answers"), tuple(notes), (tuple(rows),) if rows else ())


def _looks(both: tuple[Findings, Findings], voice: Voice) -> Section:
    pictures = []
    for found in both:
        for one in found.looked:
            chosen = signed_look(None, one.values)
            picture, _ = draw_map(found.photo, one.values, Look(chosen.colormap, 0.6, side=SIDE))
            pictures.append(Picture(picture, f"{found.facts.name}: {one.what.text(voice.lookup)}"))
    lines = (voice.say("report-looks-colours"),) if pictures else ()
    return Section(voice.say("report-looks"), lines, (tuple(pictures),) if pictures else ())


def _reach(both: tuple[Findings, Findings], voice: Voice) -> Section:
    shares = len({found.facts.image for found in both}) > 1
    lines = []
    for found in both:
        for kind in ("convolution", "attention"):
            part = [one for one in found.reach if one.kind == kind]
            if len(part) < 2:
                continue
            scale = 100 * part[0].share / part[0].pixels if shares and part[0].pixels else 1.0
            name = voice.say(f"report-reach-{kind}", name=found.facts.name)
            numbers = [[getattr(one, field) * scale for one in part] for field in ("pixels", "low", "high")]
            lines.append(Line(name, [one.depth for one in part], *numbers))
    if not lines:
        return Section("")
    up = voice.say("report-percent" if shares else "report-pixels")
    picture = plot(lines, voice.say("report-depth"), up, (900, 360), decimal=voice.decimal)
    whole = [found.facts.name for found in both if any(one.whole for one in found.reach)]
    said = [voice.say("report-reach-words")]
    said += [voice.say("report-reach-whole", name=name) for name in whole]
    return Section(voice.say("report-reach"), tuple(said), ((Picture(picture, ""),),))


def _robustness(results: tuple[Robustness, ...], voice: Voice) -> Section:
    pictures, lines = [], [voice.say("report-robust-words", images=results[0].images)]
    for found in results:
        known = any(curve.known for curve in found.curves)
        drawn = []
        for curve in found.curves:
            values = curve.accuracy if known else curve.agreement if found.images > 1 else curve.probability
            drawn.append(Line(curve.model, [float(s) for s in found.strengths], [float(v) for v in values]))
        what = "accuracy" if known else "agreement" if found.images > 1 else "probability"
        axis = voice.say(f"report-{found.damage}")
        pictures.append(Picture(plot(drawn, axis, voice.say(f"report-{what}"), (548, 300), 1.0, voice.decimal), ""))
        if found.damage == "drop":
            lines += _half(found, voice)
    rows = tuple(tuple(pictures[n : n + 2]) for n in range(0, len(pictures), 2))
    return Section(voice.say("report-robust"), tuple(lines), rows)


def _half(found: Robustness, voice: Voice) -> list[str]:
    """Say what is left with half of the patches, where that was tried."""
    at = int(np.argmin(np.abs(found.strengths - 0.5)))
    if abs(float(found.strengths[at]) - 0.5) > 0.01:
        return []
    rows, columns = found.grid
    return [
        voice.say(
            "report-half",
            name=curve.model,
            rows=rows,
            columns=columns,
            agreement=f"{100 * float(curve.agreement[at]):.0f}",
            probability=f"{100 * float(curve.probability[at]):.0f}",
            before=f"{100 * float(curve.probability[0]):.0f}",
        )
        for curve in found.curves
    ]


def _similarity(found: Similarity, names: list[str], voice: Voice) -> Section:
    picture = matrix(found.values, found.first, found.second, names[1], names[0], voice.decimal)
    lines = (voice.say("report-cka-words", images=found.images),)
    return Section(voice.say("report-cka"), lines, ((Picture(picture, ""),),))


def _facts(both: tuple[Findings, Findings], voice: Voice) -> Section:
    columns = [_column(found, voice) for found in both]
    rows = tuple(
        (voice.say(f"report-fact-{name}"), *(column[name] for column in columns))
        for name in words.FACTS
        if any(column[name] for column in columns)
    )
    return Section(voice.say("report-facts"), (), (), Table(("", *(found.facts.name for found in both)), rows))


def _column(found: Findings, voice: Voice) -> Mapping[str, str]:
    facts, cost = found.facts, found.measured
    dash = "—"

    def shapes(infos: tuple[tuple[str, tuple[int | str | None, ...]], ...]) -> str:
        return "; ".join(f"{name} {by_times(shape)}" for name, shape in infos[:4]) + (" …" if len(infos) > 4 else "")

    macs = None if facts.multiply_adds is None else facts.multiply_adds / 1e6
    memory = None if cost is None or cost.memory is None else cost.memory / 1e6
    return {
        "family": voice.say(f"report-family-{facts.family}"),
        "inputs": shapes(facts.inputs),
        "outputs": shapes(facts.outputs),
        "parameters": voice.number(facts.parameters, 0),
        "multiply-adds": dash if macs is None else voice.say("report-millions", number=voice.number(macs)),
        "convolutions": str(facts.convolutions),
        "sites": voice.say("report-sites", sites=facts.sites, heads=facts.heads) if facts.sites else "0",
        "time": "" if cost is None else voice.say("report-ms", ms=voice.number(1000 * cost.seconds), runs=cost.runs),
        "memory": dash if memory is None and cost else "" if memory is None else f"{memory:.0f} MB",
    }
