"""A report as it is put together, before it becomes HTML or Markdown."""

import dataclasses

from matplotlib.figure import Figure


@dataclasses.dataclass(frozen=True)
class Table:
    """Rows of text below a head.

    Attributes:
        title: What is shown.
        columns: The head.
        rows: As many cells each as there are columns.
        note: What the reader should know, in whole sentences.
        long: Whether it is for looking things up: folded in HTML, and not on the screen.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""
    long: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for a row of another length than the head."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title} has {len(self.columns)} columns; got the row {row}.")


@dataclasses.dataclass(frozen=True)
class Picture:
    """A figure with what it shows.

    Attributes:
        name: Of its file, without the ending.
        caption: What it shows, in whole sentences.
        figure: The drawing, None where the file exists already.
        png: The file's bytes; they are drawn from the figure if not given.
    """

    name: str
    caption: str
    figure: Figure | None = None
    png: bytes = b""

    @property
    def spoken(self) -> str:
        """Its name for who does not see it."""
        return self.name.replace("_", " ")


@dataclasses.dataclass(frozen=True)
class Section:
    """One experiment.

    Attributes:
        title: Its question.
        answer: Its answer, in a sentence.
        paragraphs: What is compared, and what differs from the paper.
        pictures: The figures.
        tables: The numbers.
        origin: How it was made, by name.
    """

    title: str
    answer: str
    paragraphs: list[str]
    pictures: list[Picture]
    tables: list[Table]
    origin: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Document:
    """The whole report.

    Attributes:
        title: Of all.
        paragraphs: What it is.
        sections: One for each experiment.
    """

    title: str
    paragraphs: list[str]
    sections: list[Section]
