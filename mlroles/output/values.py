"""Words and figures as people read them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.output.columns import (
    CHANGE,
    COUNT,
    COUNTRY,
    DATE,
    GROUP,
    LIST,
    MONEY,
    REGION,
    SOURCE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.schema import Dataset
    from mlroles.queries.rows import Row

_WIDEST = 88
_NARROWEST = 20
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_SYMBOLS = {"USD": "$"}


class Reader(NamedTuple):
    """Whom an answer is written for: what stands behind it, and their screen."""

    data: Dataset
    width: int = 80
    unicode: bool = True
    base: str | None = None
    """What the others are compared with: a role's id or a country's code."""
    sort: str | None = None
    """The key of the column that the rows are sorted by."""
    reverse: bool = False
    chart: bool = False
    """Whether a chart is wanted where a table would stand."""
    colour: bool = False
    style: str = ""
    """The style of tabulate's that tables have, instead of one that fits a screen."""
    asked: bool = False
    """Whether some records of the survey were asked for, which then come first."""
    by: str = ""
    """The key of what tells rows apart, even where there is but one of them."""

    @property
    def unknown(self) -> str:
        """What stands where nothing is known."""
        return "\N{EN DASH}" if self.unicode else "-"

    def cell(self, value: Any, kind: str) -> str:
        """A value as a cell of a table, by the kind of its column."""
        if value is None:
            return "all" if kind in {COUNTRY, GROUP} else self.unknown
        write = {
            MONEY: lambda: money(value, self.data["currency"]),
            CHANGE: lambda: change(value, self.data["currency"]),
            COUNT: lambda: f"{value:,}",
            DATE: lambda: long_date(value),
            COUNTRY: lambda: self.country(value),
            REGION: lambda: self.country(value),
            SOURCE: lambda: self.source(value),
            # Sentences have their own stops.
            LIST: lambda: (" " if value[:1] and value[0][-1:] == "." else ", ").join(
                value
            ),
        }.get(kind)
        return write() if write else str(value)

    def prose(self, text: str, indent: str = "", first: str | None = None) -> str:
        """Text wrapped to the screen; `first` opens its first line."""
        if self.style.endswith("html"):
            from html import escape

            return f"<p>{escape(text)}</p>"
        return wrapped(text, indent, first, max(_NARROWEST, min(self.width, _WIDEST)))

    def labelled(self, pairs: Iterable[tuple[str, str]]) -> str:
        """Texts with a label before each, their left edges in line."""
        pairs = list(pairs)
        wide = max(len(label) for label, _ in pairs) + 2
        return "\n".join(
            self.prose(text, " " * wide, label.ljust(wide)) for label, text in pairs
        )

    def country(self, code: str) -> str:
        """A country's name."""
        return self.data["countries"].get(code, code)

    def slice(self, row: Row, *, everywhere: bool = True) -> str:
        """What the records of a survey row have in common, and whether everywhere."""
        place = "all countries" if everywhere else ""
        place = self.country(row["country"]) if row["country"] else place
        parts = [row["year"], place, row["experience"], row["work_mode"]]
        return ", ".join(str(part) for part in parts if part)

    def source(self, source_id: str) -> str:
        """A source's title."""
        titles = {s["id"]: s["title"] for s in self.data["sources"]}
        return titles.get(source_id, source_id)

    def title(self, role_id: str | None) -> str:
        """The title of a role; of the default role where none is given."""
        wanted = role_id or self.data["default_role"]
        return next(r["title"] for r in self.data["roles"] if r["id"] == wanted)


def wrapped(
    text: str, indent: str = "", first: str | None = None, width: int = _WIDEST
) -> str:
    """Text wrapped to a width and indented; `first` opens its first line."""
    return textwrap.fill(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def in_words(names: list[str]) -> str:
    """Names in a sentence: `Median, records and mean`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def money(amount: float, currency: str) -> str:
    """An amount with its currency: `$110,673`, `$53.21`, `EUR 98,000`."""
    figure = f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency)
    return symbol + figure if symbol else f"{currency} {figure}"


def change(amount: float, currency: str) -> str:
    """A difference of amounts with its sign: `+$23,091`, `-$45,021`, `$0`."""
    sign = "-" if amount < 0 else "+" if amount > 0 else ""
    return sign + money(abs(amount), currency)


def a_period(period: str) -> str:
    """A pay period with its article: `a year`, `an hour`."""
    return f"an {period}" if period == "hour" else f"a {period}"


def long_date(iso: str) -> str:
    """A date in words: `10 August 2022`, or as much of it as is known."""
    year, *rest = iso.split("-")
    words = [_MONTHS[int(month) - 1] for month in rest[:1]]
    return " ".join([*(day.lstrip("0") for day in rest[1:]), *words, year])
