"""A report as Markdown, beside the files of its pictures."""

from research.selu_vs_batchnorm.report.document import Document, Picture, Section, Table


def markdown_of(document: Document) -> str:
    """The text of the file, in GitHub's dialect.

    Args:
        document: The report.
    """
    parts = [f"# {_text(document.title)}", *map(_text, document.paragraphs)]
    for section in document.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> list[str]:
    parts = [f"## {_text(section.title)}"]
    parts += [f"**{_text(section.answer)}**"] if section.answer else []
    parts += map(_text, section.paragraphs)
    for picture in section.pictures:
        parts += _picture(picture)
    for table in section.tables:
        parts += _table(table)
    origin = [f"- {name}: `{value.replace('`', ' ')}`" for name, value in section.origin.items()]
    return [*parts, "\n".join(origin)] if origin else parts


def _picture(picture: Picture) -> list[str]:
    caption = _text(picture.caption)
    return [f"![{_text(picture.spoken)}]({picture.name}.png)", f"*{caption}*"]


def _table(table: Table) -> list[str]:
    rows = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    lines = "\n".join(f"| {' | '.join(map(_text, row))} |" for row in rows)
    return [f"### {_text(table.title)}", lines, *([_text(table.note)] if table.note else [])]


def _text(text: str) -> str:
    """Text without what Markdown would take for marks of its own."""
    for mark in "\\`*_|<>[]":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
