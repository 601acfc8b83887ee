"""A report as one HTML file that needs nothing else."""

import base64
import html

from research.selu_vs_batchnorm.report.document import Document, Picture, Section, Table

_STYLE = """
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c;
  background: #fff; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1rem; }
nav ul { padding-left: 1.2rem; }
.answer { border-left: 4px solid #0072b2; background: #f2f7fb; padding: .6rem .9rem; margin: 1rem 0; }
figure { margin: 1.5rem 0; }
img { max-width: 100%; height: auto; }
figcaption, .note, dl { font-size: .875rem; color: #444; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; border-bottom: 1px solid #ddd; }
thead th { border-bottom: 1.5px solid #444; vertical-align: bottom; }
tbody th { font-weight: 400; }
td { white-space: nowrap; }
summary { cursor: pointer; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
@media print { h2 { break-before: page; } figure, tr { break-inside: avoid; } nav { display: none; }
  .wide { overflow: visible; } table { font-size: .7rem; } td { white-space: normal; } }
"""


def html_of(document: Document) -> str:
    """The text of the file; pictures are in it.

    Args:
        document: The report, with the bytes of its pictures.
    """
    listed = "".join(
        f'<li><a href="#s{i}">{_text(section.title)}</a></li>\n'
        for i, section in enumerate(document.sections)
    )
    body = "".join(_section(i, section) for i, section in enumerate(document.sections))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{_text(document.title)}</h1>\n{_paragraphs(document.paragraphs)}"
        f"<nav><ul>\n{listed}</ul></nav>\n{body}</body>\n</html>\n"
    )


def _section(number: int, section: Section) -> str:
    answer = f'<p class="answer">{_text(section.answer)}</p>\n' if section.answer else ""
    origin = "".join(
        f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>\n" for name, value in section.origin.items()
    )
    made = f"<details><summary>How it was made</summary>\n<dl>\n{origin}</dl></details>\n" if origin else ""
    shown = "".join((*map(_picture, section.pictures), *map(_table, section.tables)))
    head = f"<h2>{_text(section.title)}</h2>\n{answer}{_paragraphs(section.paragraphs)}"
    return f'<section id="s{number}">\n{head}{shown}{made}</section>\n'


def _picture(picture: Picture) -> str:
    encoded = base64.b64encode(picture.png).decode()
    caption = _text(picture.caption)
    return (
        f'<figure><img alt="{_text(picture.spoken)}" src="data:image/png;base64,{encoded}">'
        f"<figcaption>{caption}</figcaption></figure>\n"
    )


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_text(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{_cells(row)}</tr>\n" for row in table.rows)
    note = f'<p class="note">{_text(table.note)}</p>\n' if table.note else ""
    title = _text(table.title)
    caption = "" if table.long else f"<caption>{title}</caption>"
    made = (
        f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n{note}"
    )
    return f"<details><summary>{title}</summary>\n{made}</details>\n" if table.long else made


def _cells(row: tuple[str, ...]) -> str:
    first, *others = row
    return f'<th scope="row">{_text(first)}</th>' + "".join(f"<td>{_text(cell)}</td>" for cell in others)


def _paragraphs(paragraphs: list[str]) -> str:
    return "".join(f"<p>{_text(paragraph)}</p>\n" for paragraph in paragraphs)


def _text(text: str) -> str:
    return html.escape(text)
