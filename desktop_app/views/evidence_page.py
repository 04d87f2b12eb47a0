"""The class evidence view's page: one map large over the photo, all that were made beside it, and their curves."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.views import evidence_data as computed
from desktop_app.views import evidence_text as words
from desktop_app.views.evidence_controls import EvidenceControls
from desktop_app.views.evidence_data import METHODS, EvidenceData
from desktop_app.widgets.columns import column, split
from desktop_app.widgets.field_canvas import FieldCanvas
from desktop_app.widgets.line_plot import Axes, LinePlot, Series
from desktop_app.widgets.photo_gallery import Card, PhotoGallery
from desktop_app.widgets.plot_legend import PlotLegend
from desktop_app.widgets.signed_bar import SignedBar
from desktop_app.widgets.task_bar import TaskBar
from desktop_app.widgets.text_line import TextLine
from engine.evidence.cam import Activation
from engine.evidence.evidence import Evidence, Method, Trust
from engine.grid import PatchGrid
from engine.images.plan import Prepared


class EvidencePage(QWidget):
    """Shows what was found; what is asked is the view's business."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo: Prepared | None = None
        self._found: Evidence | None = None
        self._place: tuple[int, int] | None = None
        self.controls, self.canvas, self.bar, self.task = EvidenceControls(), FieldCanvas(), SignedBar(), TaskBar()
        self.gallery = PhotoGallery("evidence")
        self.deletion, self.insertion = LinePlot("deletion", legend=False), LinePlot("insertion", legend=False)
        self.legend = PlotLegend()
        self.title = TextLine(size=theme.HEADING)
        self.about, self.said, self.gallery_said, self.curves_said = (TextLine(quiet=True) for _ in range(4))
        self._build()
        self.canvas.placed.connect(lambda area: self.bar.set_span(area.top(), area.bottom()))
        self.canvas.hovered.connect(self._on_hovered)
        self._on_look()

    def show_photo(self, data: EvidenceData) -> None:
        """Show the photo that is asked about."""
        image = data.image
        if image is not self._photo:
            for widget in (self.canvas, self.gallery):
                if image is None:
                    widget.set_photo(None)
                else:
                    widget.set_photo(image.photo.pixels, image.region)
        self._photo = image
        self.controls.show_data(data)

    def show_evidence(self, method: Method, found: Evidence | None, label: str, sum_: Activation | None) -> None:
        """Show a map large; None says that it was not made yet."""
        self._found = found
        self.controls.set_method(method)
        self.title.set_text(words.title(method, label))
        if found is None:
            self.canvas.set_tokens(PatchGrid(1, 1))
            self.canvas.set_overlay(None)
            self.about.set_text(words.meaning(method))
            self.said.set_text(self.tr("Not run yet: click the method to run it."))
            self.canvas.set_signed(False)
            return
        self.about.set_text(words.exact(sum_) if sum_ is not None else words.about(found))
        self._draw(found)
        self._say()

    def show_all(
        self, found: Mapping[Method, Evidence], trust: Mapping[str, Trust], chosen: Method, running: Mapping[str, str]
    ) -> None:
        """Show every method small with its areas, and the curves of those that were tested."""
        cards = []
        for name in METHODS:
            one = found.get(name)
            note = words.areas(trust.get(name)) or running.get(name, "")
            if one is None:
                cards.append(Card(name, words.method(name), note or words.not_run(), words.meaning(name)))
                continue
            values, around = computed.shown(one, signed=self.controls.sign.isChecked())
            cards.append(Card(name, words.method(name), note, words.meaning(name), values, around))
        self.gallery.set_cards(cards, chosen)
        self._show_curves(trust)

    def look(self, method: Method, found: Evidence | None) -> None:
        """Draw again after a change of colours."""
        self._on_look()
        if found is not None and method:
            self._draw(found)

    def forget(self) -> None:
        """Let go of everything shown."""
        self._photo = self._found = None
        self.canvas.set_tokens(None)
        self.canvas.set_photo(None)
        self.gallery.set_photo(None)
        self.gallery.set_cards((), "")
        self._show_curves({})

    def retranslate(self) -> None:
        """Set every text again."""
        self.controls.retranslate()
        self.task.retranslate()
        self.canvas.setAccessibleName(self.tr("Image and what speaks for the class"))
        self.gallery.setAccessibleName(self.tr("All methods"))
        self.deletion.setAccessibleName(self.tr("Probability as pixels are deleted"))
        self.insertion.setAccessibleName(self.tr("Probability as pixels are inserted"))
        self.gallery_said.set_text(self.tr("Click a method to run or see it; each has its own scale."))

    def _build(self) -> None:
        picture = QHBoxLayout()
        picture.setSpacing(theme.NEAR)
        picture.addWidget(self.canvas, 1)
        picture.addWidget(self.bar)
        curves = QHBoxLayout()
        curves.setSpacing(theme.NEAR)
        curves.addWidget(self.deletion, 1)
        curves.addWidget(self.insertion, 1)
        below = column((self.curves_said, self.legend), curves)
        beside = split((column((self.gallery_said,), self.gallery), 0), (below, 0), vertical=True)
        halves = split((column((self.said,), picture), 0), (beside, 0))
        beside.setSizes([340, 240])
        halves.setSizes([460, 500])
        heading = QHBoxLayout()
        heading.setSpacing(theme.NEAR)
        heading.addWidget(self.title, 1)
        heading.addWidget(self.task, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.APART, theme.APART, theme.APART, theme.NEAR)
        whole.setSpacing(theme.TIGHT)
        whole.addWidget(self.controls)
        whole.addSpacing(theme.NEAR)
        whole.addLayout(heading)
        whole.addWidget(self.about)
        whole.addSpacing(theme.NEAR)
        whole.addWidget(halves, 1)

    def _on_look(self) -> None:
        name, opacity = self.controls.maps.name(), self.controls.opacity.value() / 100
        smooth = self.controls.smooth.isChecked()
        for widget in (self.canvas, self.bar):
            widget.set_colour_map(name)
        self.canvas.set_opacity(opacity)
        self.canvas.set_smooth(smooth)
        self.gallery.set_look(name, opacity, smooth=smooth)

    def _draw(self, found: Evidence) -> None:
        values, around = computed.shown(found, signed=self.controls.sign.isChecked())
        high = computed.highest(values, around=around)
        for widget in (self.canvas, self.bar):
            widget.set_signed(around)
        self.canvas.set_tokens(PatchGrid(*values.shape))
        self.canvas.set_overlay(values.reshape(-1), high)
        self.canvas.takeaway.name = f"{found.method}-{found.label or found.index}"
        self.bar.set_range(high)

    def _on_hovered(self, token: int | None) -> None:
        found = self._found
        self._place = None if token is None or found is None else divmod(token, found.values.shape[1])
        self.canvas.set_marks(token, pinned=False)
        self._say()

    def _say(self) -> None:
        found, place = self._found, self._place
        if found is None:
            return
        inside = place is not None and place[0] < found.values.shape[0]
        value = float(found.values[place]) if place is not None and inside else None
        self.said.set_text(words.pointed(place if inside else None, value, found))

    def _show_curves(self, trust: Mapping[str, Trust]) -> None:
        names = [name for name in (*METHODS, "random") if name in trust]
        inks = {name: place for place, name in enumerate((*METHODS, "random"))}
        top = max((float(np.max(c)) for t in trust.values() for c in (t.deletion, t.insertion)), default=1.0)
        for plot, part, up in (
            (self.deletion, "deletion", self.tr("Probability left")),
            (self.insertion, "insertion", self.tr("Probability gained")),
        ):
            series = [
                Series(
                    words.method(name),
                    trust[name].fractions,
                    getattr(trust[name], part),
                    ink=inks[name],
                    dashed=name == "random",
                )
                for name in names
            ]
            across = self.tr("Pixels deleted") if part == "deletion" else self.tr("Pixels inserted")
            self.legend.set_series(series)
            plot.set_series(series, Axes(across, up, 1.0, 1.0 if 0.95 < top <= 1 else 1.05 * top, percent=True))
        if trust:
            text = self.tr("Area under the curve: ↓ deletion, small is good; ↑ insertion, large is good.")
        else:
            text = self.tr("“Test them” shows how far each map can be trusted.")
        self.curves_said.set_text(text)
