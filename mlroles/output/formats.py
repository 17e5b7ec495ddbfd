"""Answers in every output format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.matching import choose

if TYPE_CHECKING:
    from mlroles.queries.answer import Answer

TABLE = "table"
_SEPARATORS = {"csv": ",", "tsv": "\t"}
MACHINE_FORMATS = ("json", "jsonl", *_SEPARATORS)
_ALIASES = {"markdown": "pipe", "md": "pipe"}


class Layout(NamedTuple):
    """How to present an answer to people."""

    width: int = 80
    """The columns of the terminal."""
    unicode: bool = True
    """Whether it can show arrows and box drawing characters."""
    color: bool = False
    chart: bool = False
    """Whether to draw a chart instead of a table."""
    markup: str = ""
    """The tabulate format of a document; empty for a terminal."""


def format_names() -> list[str]:
    """Return the names of all formats: ours, then those of tabulate."""
    from mlroles.output._tabulate import tabulate

    own = [TABLE, *MACHINE_FORMATS, *_ALIASES]
    return [*own, *(name for name in tabulate.tabulate_formats if name not in own)]


def find_format(name: str) -> str:
    """Find a format by its name, in any case.

    Raises:
        UsageError: It is not a format.
    """
    # Without importing tabulate, which machine formats do not need.
    if name in {TABLE, *MACHINE_FORMATS}:
        return name
    found = choose(name, format_names(), "format")
    return _ALIASES.get(found, found)


def render(answer: Answer[Any], style: str, layout: Layout) -> str:
    """Return an answer in a format, as `find_format` returns it."""
    match style:
        case "json":
            return _json(_selected(answer), indent=2)
        case "jsonl":
            rows = _selected(answer)
            return "".join(map(_json, rows if isinstance(rows, list) else [rows]))
        case "csv" | "tsv":
            return _separated(answer, _SEPARATORS[style])
        case _:
            from mlroles.output import pages

            markup = "" if style == TABLE else style
            return pages.render(answer, layout._replace(markup=markup))


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent) + "\n"


def _selected(answer: Answer[Any]) -> Any:
    if not answer.fields:
        return answer.rows
    from mlroles.output.fields import select

    return select(answer)


def _separated(answer: Answer[Any], separator: str) -> str:
    """Return comma or tab separated values; unknown values are empty."""
    import csv
    import io

    from mlroles.output.fields import flat

    keys, rows = flat(answer)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(keys)
    for row in rows:
        writer.writerow(_flat_value(row.get(key)) for key in keys)
    return out.getvalue()


def _flat_value(value: Any) -> Any:
    if isinstance(value, bool):
        return json.dumps(value)
    return "; ".join(value) if isinstance(value, list) else value
