"""How to present an answer to people."""

from typing import NamedTuple


class Layout(NamedTuple):
    """How to present an answer to people."""

    width: int = 80
    """The columns of the terminal."""
    unicode: bool = True
    """Whether it can show arrows and box drawing characters."""
    color: bool = False
    chart: bool = False
    """Whether to draw a chart instead of a table."""
    details: bool = False
    """Whether to say how figures were made, and why they differ."""
    commands: bool = True
    """Whether readers can run commands, so that pages name those that say more."""
    markup: str = ""
    """The markup of a document, markdown or html; empty for a terminal."""
