"""A report as one self-contained page: every picture is inside, nothing is loaded from anywhere."""

import base64
from html import escape
from io import BytesIO

from PIL import Image

from engine.report.document import Picture, Report, Section, Table

STYLE = """\
:root { color-scheme: light dark; --ink: #1c1c20; --pale: #6e6e76; --paper: #fff; --line: #dcdce2; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --pale: #a4a4ae; --paper: #1b1b1f; --line: #3a3a42; } }
body { margin: 2.5rem auto; max-width: 72rem; padding: 0 1.5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin: 2.4rem 0 .4rem; }
p { margin: .4rem 0; max-width: 46rem; } .pale, figcaption { color: var(--pale); }
.row { display: flex; flex-wrap: wrap; gap: 1.25rem; margin: 1rem 0; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: .85rem; margin-top: .35rem; }
img { display: block; max-width: 100%; height: auto; border-radius: 4px; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { text-align: left; padding: .35rem 1.2rem .35rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; }
tbody th { font-weight: 400; color: var(--pale); }"""


def page(report: Report) -> str:
    """Return a report as HTML."""
    body = [f"<h1>{escape(report.title)}</h1>"]
    body += [f'<p class="pale">{escape(line)}</p>' for line in report.lines]
    body += [part for section in report.sections for part in _section(section)]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(report.language)}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            f"<title>{escape(report.title)}</title>",
            f"<style>{STYLE}</style></head>",
            "<body>",
            *body,
            "</body></html>",
            "",
        ]
    )


def _section(section: Section) -> list[str]:
    parts = [f"<section><h2>{escape(section.title)}</h2>"]
    parts += [f"<p>{escape(line)}</p>" for line in section.lines]
    for row in section.pictures:
        parts += ['<div class="row">', *(_figure(picture) for picture in row), "</div>"]
    if section.table is not None:
        parts.append(_table(section.table))
    return [*parts, "</section>"]


def _figure(picture: Picture) -> str:
    caption = escape(picture.caption)
    shown = f"<figcaption>{caption}</figcaption>" if caption else ""
    width, height = picture.image.size
    image = f'<img alt="{caption}" width="{width}" height="{height}" src="{data_address(picture.image)}">'
    return f"<figure>{image}{shown}</figure>"


def data_address(image: Image.Image) -> str:
    """Return a picture as an address that holds it."""
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.header)
    rows = [
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in table.rows
    ]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
