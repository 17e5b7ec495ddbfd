"""Answers in every output format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mlroles.matching import choose

if TYPE_CHECKING:
    from mlroles.output.layout import Layout
    from mlroles.queries.answer import Answer

TABLE = "table"
_SEPARATORS = {"csv": ",", "tsv": "\t"}
MACHINE_FORMATS = ("json", "jsonl", *_SEPARATORS)
FORMATS = (TABLE, *MACHINE_FORMATS, "markdown", "html")
_ALIASES = {"md": "markdown"}


def find_format(name: str) -> str:
    """Find a format by its name, in any case.

    Raises:
        UsageError: It is not a format.
    """
    return choose(name, FORMATS, "format", _ALIASES, argument="format")


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
            from mlroles.output import markup, pages

            language = "" if style == TABLE else style
            page = pages.page_of(answer, layout)
            return markup.write(page, layout._replace(markup=language))


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
