"""The values of an answer as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.kinds import KINDS
from mlroles.output.layout import Layout
from mlroles.output.values import change, estimate, long_date, money, per

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.queries.answer import Answer
    from mlroles.questions import Kind, Row


class Page:
    """The values of an answer as texts, and whether a chart of it is wanted."""

    def __init__(
        self,
        answer: Answer[Any],
        layout: Layout = Layout(),  # noqa: B008 - never changed
        *,
        picture: bool = False,
    ) -> None:
        self.answer = answer
        self.layout = layout
        self.unicode = layout.unicode
        self.chart = layout.chart
        self.details = layout.details
        self.picture = picture
        rows = answer.rows if isinstance(answer.rows, list) else [answer.rows]
        first: Row = next((row for row in rows if "currency" in row), {})
        self.currency: str = first.get("currency", "")
        self.per: str = first.get("period", "")

    @property
    def ellipsis(self) -> str:
        """Return the sign for what is not shown."""
        return "\u2026" if self.unicode else "..."

    def hint(self, text: str) -> str:
        """Return a text about commands or options if readers can run them."""
        return text if self.layout.commands else ""

    def value(self, value: Any, kind: Kind) -> str:
        """Format a value by the kind of its column."""
        if value is None:
            # Escapes by name would import unicodedata.
            unknown = "\u2013" if self.unicode else "-"
            return "all" if kind in {"country", "group"} else unknown
        return _FORMATS.get(kind, _plain)(self, value)

    def money(self, amount: float) -> str:
        """Format an amount in the currency of the answer."""
        return money(amount, self.currency, unicode=self.unicode)

    def estimate(self, amount: float) -> str:
        """Format an estimate in the currency and for the pay period of the answer."""
        return estimate(amount, self.per, self.currency, unicode=self.unicode)

    def country(self, code: str) -> str:
        """Return the name of a country."""
        return self.answer.data.countries.get(code, code)

    def source(self, source_id: str) -> str:
        """Return the title of a source."""
        known = self.answer.data.sources.get(source_id)
        return known["title"] if known else source_id

    def dated(self, source_id: str) -> str:
        """Return the title of a source with its date."""
        source = self.answer.data.source(source_id)
        when = self.covered(source.get("covered", source["updated"]))
        decided = "decided " * (source["kind"] == "filings" and "covered" in source)
        return f"{source['title']}, {decided}{when}"

    def cited(self, source_id: str) -> str:
        """Return the title of a source; among the details, with its date."""
        return self.dated(source_id) if self.details else self.source(source_id)

    def origin(self, row: Row, prefix: str = "") -> str:
        """Return the source of a row's figures, with their date if the row has one."""
        source, updated = row[f"{prefix}source"], row.get(f"{prefix}updated")
        known = self.answer.data.sources.get(source)
        if known and updated == known["updated"]:
            return self.dated(source)
        when = self.period(row["role"], updated) if updated else ""
        return ", ".join(filter(None, [self.source(source), when]))

    def period(self, role_id: str, year: int | str) -> str:
        """Return what a year of pay records covers: `January to July 2025`."""
        return self.covered(self.answer.data.period(role_id, year))

    def covered(self, period: str | None) -> str:
        """Return the period that a figure is of: `January to July 2025`."""
        return "date unknown" if period is None else long_date(period)

    def group(self, row: Row, prefix: str = "", *, all_countries: bool = True) -> str:
        """Describe the records of a row: `2024, United States, senior`."""
        keys = ("year", "country", "experience", "work_mode")
        year, code, experience, mode = (row[prefix + key] for key in keys)
        country = "all countries" if all_countries else ""
        role = row.get("role", "")
        when = self.period(role, year) if year and self._is_pay(row) else year
        mode = self.value(mode, "group") if mode else None
        parts = [when, self.country(code) if code else country, experience, mode]
        return ", ".join(str(part) for part in parts if part)

    def _is_pay(self, row: Row) -> bool:
        """Return whether a row, or the answer if it names no source, is pay records."""
        pay, rows = self.answer.data.pay, self.answer.rows
        if not {"source", "median_source"} & row.keys() and isinstance(rows, list):
            row = rows[0]
        sources = {row.get("source"), row.get("median_source")}
        return pay is not None and pay["source"] in sources

    def kind(self, source_id: str) -> str:
        """Return what a source is: `advertised pay`."""
        return KINDS[self.answer.data.source(source_id)["kind"]].name

    def unit(self, row: Row) -> str:
        """Return the currency and pay period of a row: `USD a year`."""
        unit = f"{row['currency']} {per(row['period'])}"
        return (
            f"{unit}, in prices of {long_date(row['prices'])}"
            if "prices" in row
            else unit
        )


def _group(page: Page, value: Any) -> str:
    """Return the name of a group, whose data may mean less than the name says."""
    if value == "on-site" and page.answer.data.is_advertised:
        return "not marked remote"
    return str(value)


def _plain(_page: Page, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


_FORMATS: dict[Kind, Callable[[Page, Any], str]] = {
    "money": Page.money,
    "percent": lambda _, value: f"{value:+.1f}%",
    "estimate": Page.estimate,
    "change": lambda page, value: change(value, page.currency, unicode=page.unicode),
    "count": lambda _, value: f"{value:,}",
    "level": lambda _, value: f"{value:.1f}",
    "date": lambda _, value: long_date(value),
    "group": _group,
    "country": Page.country,
    "region": Page.country,
    "source": Page.source,
    "list": lambda _, value: ", ".join(value),
}
