"""Values as people read them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mlroles.output.columns import Kind
    from mlroles.output.formats import Layout
    from mlroles.queries.answer import Answer, Labels, Row

_MAX_PROSE_WIDTH = 88
_MIN_PROSE_WIDTH = 20
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_SYMBOLS = {"USD": "$"}


class Formatter(NamedTuple):
    """Formats the values of an answer."""

    labels: Labels
    currency: str
    unicode: bool = True

    def value(self, value: Any, kind: Kind) -> str:
        """Format a value by the kind of its column."""
        if value is None:
            return "all" if kind in {"country", "group"} else self.unknown
        match kind:
            case "money":
                return money(value, self.currency)
            case "change":
                return change(value, self.currency)
            case "count":
                return f"{value:,}"
            case "date":
                return long_date(value)
            case "country" | "region":
                return self.country(value)
            case "source":
                return self.source(value)
            case "list":
                return ", ".join(value)
            case _:
                return str(value)

    @property
    def unknown(self) -> str:
        """The sign for an unknown value."""
        return "\N{EN DASH}" if self.unicode else "-"

    def country(self, code: str) -> str:
        """Return the name of a country."""
        return self.labels.countries.get(code, code)

    def source(self, source_id: str) -> str:
        """Return the title of a source."""
        return self.labels.sources.get(source_id, source_id)

    def origin(self, row: Row, prefix: str = "") -> str:
        """Return the source of a row's figures, with their date if the row has one."""
        source, updated = row[f"{prefix}source"], row.get(f"{prefix}updated")
        dates = [long_date(updated)] if updated else []
        return ", ".join([self.source(source), *dates])

    def group(self, row: Row, prefix: str = "", *, all_countries: bool = True) -> str:
        """Describe the records of a row: `2025, United States, senior`."""
        year, code, experience, mode = (
            row[f"{prefix}{key}"]
            for key in ("year", "country", "experience", "work_mode")
        )
        country = "all countries" if all_countries else ""
        parts = [year, self.country(code) if code else country, experience, mode]
        return ", ".join(str(part) for part in parts if part)


def formatter(answer: Answer[Any], layout: Layout) -> Formatter:
    """Return the formatter for the values of an answer."""
    rows = answer.rows if isinstance(answer.rows, list) else [answer.rows]
    currency = next((row["currency"] for row in rows if "currency" in row), "")
    return Formatter(answer.labels, currency, layout.unicode)


def wrap(
    text: str, width: int, indent: str = "", first_indent: str | None = None
) -> str:
    """Wrap prose to a width, at most 88 columns, with indentation."""
    return textwrap.fill(
        text,
        max(_MIN_PROSE_WIDTH, min(width, _MAX_PROSE_WIDTH)),
        initial_indent=indent if first_indent is None else first_indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def display_width(text: str) -> int:
    """Return the number of terminal cells of a text; wide characters take two."""
    if text.isascii() or all(map(_is_narrow, text)):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _is_narrow(character: str) -> bool:
    """Return whether a character is a Latin letter, dash, arrow, box line or block."""
    return (
        character < "\u0300"
        or "\u2010" <= character <= "\u2027"
        or "\u2190" <= character <= "\u21ff"
        or "\u2500" <= character <= "\u259f"
    )


def money(amount: float, currency: str) -> str:
    """Format an amount with its currency: `$110,673`, `$53.21`, `EUR 98,000`."""
    figure = f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency)
    return symbol + figure if symbol else f"{currency} {figure}"


def change(amount: float, currency: str) -> str:
    """Format a difference with its sign: `+$23,091`, `-$45,021`, `$0`."""
    sign = "-" if amount < 0 else "+" if amount > 0 else ""
    return sign + money(abs(amount), currency)


def per(period: str) -> str:
    """Return a pay period with its article: `a year`, `an hour`."""
    return f"an {period}" if period == "hour" else f"a {period}"


def long_date(iso: str) -> str:
    """Format an ISO date, or the part of it that is known: `10 August 2022`."""
    year, *rest = iso.split("-")
    month = [_MONTHS[int(number) - 1] for number in rest[:1]]
    return " ".join([*(day.lstrip("0") for day in rest[1:]), *month, year])


def join_words(words: list[str]) -> str:
    """Join words in a sentence: `Median, records and mean`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 role`, `18 roles`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
