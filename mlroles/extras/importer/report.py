"""What a dry run prints, and the list of titles that no role has."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from tabulate import tabulate

from mlroles.dataset.schema import is_name
from mlroles.errors import Message, printable, shortened
from mlroles.extras.importer.groups import is_whole, whole_medians
from mlroles.extras.importer.reading import several

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.records import Grouped

_WIDTH = 40
_MOST = 20


def report_text(data: DatasetJson, grouped: Grouped) -> Message:
    """Return how records are understood: columns, counts, and medians by role."""
    parts: list[str] = []
    for file in grouped.files:
        rows = [
            (
                column,
                shortened(file.columns.headers[at], _WIDTH),
                " | ".join(
                    shortened(value.strip("|").replace("|", ", "), _WIDTH)
                    for value in file.samples[column]
                ),
            )
            for column, at in file.columns.found.items()
        ]
        name = several(file.name, file.files)
        parts.append(_table([(name, "header", "values"), *rows]))
    lines = [each for line in grouped.skipped for each in ("\n", line)]
    parts.append(Message(grouped.summary, *lines))
    known = whole_medians(data)
    # The last group of a role is of its newest year.
    newest = {group["role"]: group for group in filter(is_whole, grouped.groups)}
    by_role, by_year, by_country = Counter[str](), Counter[str](), Counter[str]()
    for role, year, country, count in grouped.counts:
        by_role[role] += count
        by_year[str(year or "unknown")] += count
        by_country[country or "unknown"] += count
    medians = []
    for role, count in by_role.most_common():
        year, median = (newest.get(role, {}).get(key, "") for key in ("year", "p50"))
        usual = known.get((role, None))
        figures = (f"{each:,}" if each else "" for each in (median, usual))
        of_year = f"{newest[role]['records']:,}" if role in newest else ""
        medians.append((role, f"{count:,}", str(year or ""), of_year, *figures))
    currency = data["currency"]
    amounts = f"median, {currency}", f"data set, {currency}"
    headers = ("role", "records", "newest year", "of it", *amounts)
    parts.append(_table([headers, *medians]))
    for name, counter in (("year", by_year), ("country", by_country)):
        counts = counter.most_common(_MOST)
        more = [("others", sum(counter.values()) - sum(n for _, n in counts))]
        listed = counts + (more if len(counter) > _MOST else [])
        parts.append(
            _table([(name, "records"), *((each, f"{n:,}") for each, n in listed)])
        )
    first, *others = parts
    rest = (each for part in others for each in ("\n\n", part))
    return Message(first, *rest, "\n")


def _table(rows: Iterable[Iterable[str]]) -> str:
    cells = [[printable(cell) for cell in row] for row in rows]
    return tabulate(cells, tablefmt="plain", disable_numparse=True)


def unmatched_csv(grouped: Grouped) -> str:
    """Return the titles of no role as CSV, with their numbers of records.

    Titles that could not be names, such as formulas, are omitted: people open the list
    in a spreadsheet, and records are from anyone.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("title", "role", "records"))
    writer.writerows(
        (title, "", count)
        for title, count in grouped.unmatched
        if not title or is_name(title)
    )
    return text.getvalue()
