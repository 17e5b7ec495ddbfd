"""What people read: the page of every answer."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mlroles.matching import AREA_LEVELS
from mlroles.output.blocks import Facts, Figure, Notes, note, paragraph
from mlroles.output.fields import chosen_columns, flat
from mlroles.output.page import Page
from mlroles.output.pages.phrases import PROXY, caveats, sources_note
from mlroles.queries.answer import rows_of, source_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlroles.money import ExchangeRates
    from mlroles.output.blocks import Block
    from mlroles.output.layout import Layout
    from mlroles.queries.answer import Answer
    from mlroles.questions import Row


def page_of(answer: Answer[Any], layout: Layout) -> list[Block]:
    """Return the page of an answer, for a layout."""
    return blocks(Page(answer, layout))


def blocks(page: Page) -> list[Block]:
    """Return the blocks of a page: headings, paragraphs, tables and charts."""
    answer = page.answer
    question = answer.question
    if answer.fields and not (question.is_table or question.is_nested):
        found = _fields(page)
    else:
        found = _function(question.page)(page, answer.rows)
    figures = [n for n, each in enumerate(found, 1) if isinstance(each, Figure)]
    if answer.more and figures:
        text = f"{page.ellipsis} {answer.more:,} more{page.hint(' (--limit all)')}"
        found.insert(figures[-1], paragraph(text))
    # A page of pages has those of each.
    if not question.is_nested and (texts := caveats(page)):
        found.append(paragraph(" ".join(texts)))
    # The page may show less than the answer has.
    if (exchange := page.answer.exchange) and exchange.used:
        found.append(_exchange_notes(page, exchange))
    return found


def _fields(page: Page) -> list[Block]:
    """The chosen fields of an answer whose page is not a table."""
    answer = page.answer
    _, rows = flat(answer)
    cited: Any = rows
    if answer.question.is_object and not answer.question.flat:
        columns = chosen_columns(answer, {})
        facts = [
            (column.heading, page.value(rows[0].get(column.key), column.kind))
            for column in columns
        ]
        blocks: list[Block] = [Facts(facts)]
        cited = _cited(rows[0], [column.key for column in columns])
    else:
        blocks = [Figure(page, rows, ())]
    notes = []
    row = answer.rows
    if "currency" in row and row["level"] in AREA_LEVELS and row["occupation"]:
        notes = [f"{page.unit(row)}.", f"{row['occupation']} {PROXY}"]
    elif "currency" in row:
        notes = [f"{page.unit(row)}, base pay."]
    if ids := source_ids(cited):
        notes.append(sources_note(map(page.dated, ids)))
    return [*blocks, paragraph(" ".join(notes))] if notes else blocks


# Prefixes of the keys that each source is for; other keys are of the figure's source.
_ABOUT = {"average_source": ("average_",), "cost_source": ("cost_", "adjusted_")}


def _cited(row: Row, keys: list[str]) -> Row:
    """Return the parts of a row that name the sources of some of its keys."""
    unrelated = {
        source
        for source, beginnings in _ABOUT.items()
        if not any(key.startswith(beginnings) for key in keys)
    }
    return {
        key: value
        for key, value in row.items()
        if key not in unrelated and (key in keys or key.endswith("source"))
    }


def _exchange_notes(page: Page, exchange: ExchangeRates) -> Notes:
    """Return notes on the exchange rates of the figures that are shown.

    Averages may be of another year than the figures in the other columns.
    """
    rows = rows_of(page.answer)
    every = _rates(page, exchange, exchange.used)
    columns = page.answer.question.is_table
    if not (columns and any(row.get("average_updated") for row in rows)):
        return Notes([note(every)])
    years = {row["rate_year"] for row in rows} & exchange.used.keys()
    others = [_rates(page, exchange, years)] if years else []
    return Notes(
        [
            note(every, about="average_salary"),
            *(note(each, unless="average_salary") for each in others),
        ]
    )


def _rates(page: Page, exchange: ExchangeRates, years: Iterable[int]) -> str:
    """Return a sentence on the exchange rates of some years."""
    rates = ", ".join(
        f"{exchange.used[year]:.6g} {exchange.currency} ({year})"
        for year in sorted(years, reverse=True)
    )
    return (
        f"Converted at yearly mean rates: 1 {exchange.base} = "
        f"{rates}. Source: {page.source(exchange.source)}."
    )


def _function(name: str) -> Callable[[Page, Any], list[Block]]:
    """Return a page function by the names of its module and itself."""
    module, _, function = name.partition(".")
    found: Callable[[Page, Any], list[Block]] = getattr(
        import_module(f"mlroles.output.pages.{module}"), function
    )
    return found
