"""Values as people read them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import PERCENTILES

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_PROSE_WIDTH = 88
_MIN_PROSE_WIDTH = 20
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_SYMBOLS = {
    "USD": "$", "EUR": "\u20ac", "GBP": "\u00a3", "INR": "\u20b9", "CAD": "C$",
}  # fmt: skip


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


def escape_markdown(text: str) -> str:
    """Escape what a line of text would mean in Markdown, such as HTML or an image."""
    import re

    # An asterisk between spaces means nothing, nor do an underscore in a word and an
    # ampersand that does not name a character.
    special = r"[\\`\[<~|]|(?<!\s)\*|\*(?!\s|$)|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)"
    text = re.sub(special, r"\\\g<0>", text)
    # What begins a heading, a quotation, a list or a rule.
    return re.sub(r"^(\d*)(#|>|=|-(?=[\s-]|$)|[.)*+](?=\s|$))", r"\1\\\2", text)


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


def money(amount: float, currency: str, *, unicode: bool = True) -> str:
    """Format an amount with its currency: `$110,673`, `\u20ac53.21`, `90,000 PLN`.

    Without `unicode`, only symbols that every terminal has are used.
    """
    figure = f"{amount:,}" if isinstance(amount, int) else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency, "")
    if symbol and (unicode or symbol.isascii()):
        return symbol + figure
    return f"{figure} {currency}".rstrip()


_STEPS = {"year": 1_000, "month": 100, "week": 10}


def estimate(amount: float, period: str, currency: str, *, unicode: bool = True) -> str:
    """Format an amount that is an estimate: `about $168,000`.

    It is rounded to thousands a year, and as coarsely for other pay periods.
    """
    step = _STEPS.get(period, 1)
    rounded = round(amount / step) * step
    return f"about {money(rounded, currency, unicode=unicode)}"


def change(amount: float, currency: str, *, unicode: bool = True) -> str:
    """Format a difference with its sign: `+$23,091`, `-$45,021`, `$0`."""
    sign = "-" if amount < 0 else "+" if amount > 0 else ""
    return sign + money(abs(amount), currency, unicode=unicode)


def ordinal(number: float) -> str:
    """Return an ordinal number: `1st`, `12th`, `22nd`, `75.4th`."""
    ending = {1.0: "st", 2.0: "nd", 3.0: "rd"}.get(number % 10, "th")
    return f"{number:g}{'th' if number % 100 in {11, 12, 13} else ending}"


def short_percentile(
    percentile: float, published: Sequence[int] = PERCENTILES
) -> float:
    """Round a percentile, unless that is a published one, which has its own amount."""
    rounded = round(percentile)
    return percentile if rounded in published else rounded


def per(period: str) -> str:
    """Return a pay period with its article: `a year`, `an hour`."""
    return f"an {period}" if period == "hour" else f"a {period}"


def long_date(iso: str) -> str:
    """Format an ISO date, or the part of it that is known: `10 August 2022`.

    An interval of months is `January to July 2025`.
    """
    start, _, end = iso.partition("/")
    if end:
        first, last = long_date(start), long_date(end)
        if start[:4] == end[:4]:
            first = first.removesuffix(f" {start[:4]}")
        return f"{first} to {last}"
    year, *rest = iso.split("-")
    month = [_MONTHS[int(number) - 1] for number in rest[:1]]
    return " ".join([*(day.lstrip("0") for day in rest[1:]), *month, year])
