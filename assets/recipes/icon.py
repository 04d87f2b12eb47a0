"""Draws Mirada's icon: an eye made of patches, coloured as attention is.

python -m assets.recipes.icon
"""

import math
import os

import assets

_SIZE, _CELL = 256, 28
_LIDS = "M 22 128 C 66 52, 190 52, 234 128 C 190 204, 66 204, 22 128 Z"


def svg() -> str:
    """Return the icon as SVG."""
    from cmap import Colormap

    viridis, cells = Colormap("viridis"), []
    for row in range(-2, 3):
        for column in range(-3, 4):
            far = math.hypot(row, column * 0.8)
            colour = viridis(max(0.0, 1 - far / 3.4) ** 0.8).hex
            x, y = 128 + column * _CELL - _CELL / 2, 128 + row * _CELL - _CELL / 2
            cells.append(
                f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{_CELL - 2}" height="{_CELL - 2}" fill="{colour}"/>'
            )
    patches = "\n    ".join(cells)
    corner = "a 52 52 0 0 1"
    ground = f"M 52 0 h 152 {corner} 52 52 v 152 {corner} -52 52 h -152 {corner} -52 -52 v -152 {corner} 52 -52 Z"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}">
  <rect x="16" y="40" width="224" height="176" fill="#0d141b"/>
  <g>
    {patches}
  </g>
  <path d="{ground} {_LIDS}" fill="#16202a" fill-rule="evenodd"/>
  <path d="{_LIDS}" fill="none" stroke="#f2f5f7" stroke-width="13" stroke-linejoin="round"/>
</svg>
"""


def main() -> None:
    """Write mirada.svg and mirada.png."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication([])
    drawn = assets.path("icons", "mirada.svg")
    drawn.write_text(svg(), encoding="utf-8")
    image = QImage(_SIZE, _SIZE, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(drawn)).render(painter)
    painter.end()
    image.save(str(assets.path("icons", "mirada.png")))
    app.quit()


if __name__ == "__main__":
    main()
