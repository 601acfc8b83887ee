"""What the study says on the screen."""

from rich.table import Table

from research import tables
from research.trainable_depth.results import KINDS, Grid
from research.trainable_depth.theory import depth


def weights(grid: Grid) -> Table:
    """One function: what theory says and how deep its networks train, for each deviation of the weights."""
    columns = ("ratio", "sigma_w", "second moment", "signal depth", "gradient depth", "trains to")
    table = tables.table(f"{grid.function}: predicted and reached depth", *columns)
    for ratio, said, reached in zip(grid.ratios, grid.predictions, grid.reached, strict=True):
        settles = "runs away" if said.variance is None else f"{said.variance:.3g}"
        predicted = (f"{depth(getattr(said, kind)):.3g}" for kind in KINDS)
        table.add_row(f"{ratio:g}", f"{said.sigma_w:.3g}", settles, *predicted, str(reached))
    return table


def scores(grids: list[Grid]) -> Table:
    """How well the predictions divide what trains from what does not."""
    title = "Cells on the right side of the predicted depth, rank correlation, e-folds that would fit best"
    heads = [f"{kind}: {head}" for kind in KINDS for head in ("right", "rank", "best")]
    table = tables.table(title, "function", "best constant", *heads)
    for grid in grids:
        cells = [
            cell
            for kind in KINDS
            for cell in (
                f"{100 * grid.right(kind):.0f} %",
                f"{grid.rank_correlation(kind):.2f}",
                f"{grid.best_reach(kind):.1f}",
            )
        ]
        table.add_row(grid.function, f"{100 * grid.constant:.0f} %", *cells)
    return table
