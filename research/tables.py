"""Tables on the screen, as all studies draw them."""

import rich.box
from rich.table import Table


def table(title: str, *columns: str) -> Table:
    """An empty table without a frame; cells that are too long fold."""
    made = Table(
        title=title, title_justify="left", box=rich.box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
