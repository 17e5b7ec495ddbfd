"""Read the texts of files, and look up what they mean: each distinct text once."""

from __future__ import annotations

import glob
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.bundled import read_table
from mlroles.dataset.load import display_name
from mlroles.errors import Argument, UsageError
from mlroles.extras.importer import values as read
from mlroles.extras.importer.columns import (
    PLACES,
    Columns,
    assignment,
    find_columns,
    looks_like_records,
)
from mlroles.extras.importer.files import JSON, Opener, Table, read_error

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import TypeAlias

    from mlroles.extras.importer.values import Evidence

    # Takes a query and its parameters; returns its rows.
    Run: TypeAlias = Callable[..., list[tuple[Any, ...]]]

# The columns of the texts, besides the number of the file and `row`.
_TEXTS = (
    "title", "low_text", "high_text", "year", "level", "place", "work_mode",
    "employment", "period", "currency", "unit",
)  # fmt: skip
# The texts of columns that Python looks up, if not all.
_LOOKED_UP = {
    "low_text": "number(low_text) is null",
    "high_text": "number(high_text) is null",
    "year": "coalesce(try_cast(year as decimal(12, 4)) not between 1900 and 2200, "
    "true)",
}
_SAMPLE = 1_000
_PART = 200_000
# More is no pay, in cents; it would not fit the numbers of DuckDB.
_MAX_CENTS = 10**15


class File(NamedTuple):
    """A file that was read.

    Attributes:
        name: Its name.
        headers: Its headers.
        columns: What they are.
        place: The kind of its places: country, location or state; None without any.
        skipped: The number of lines that are not records.
        notes: How it was read.
    """

    name: str
    headers: list[str]
    columns: Columns
    place: str | None
    skipped: int
    notes: list[str]


class Settings(NamedTuple):
    """What the user says about the files.

    Attributes:
        mapped: The headers to use, by column.
        constants: The values of columns that are the same for all records.
        encoding: The encoding of the files, None to detect it.
        exact_titles: Whether titles must be names of roles.
        distinct: Whether identical records count once.
    """

    mapped: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    encoding: str | None = None
    exact_titles: bool = False
    distinct: bool = False


class Reader:
    """Reads files into Parquet files of texts in a folder.

    Args:
        run: Runs a query.
        sql: The queries.
        folder: The folder.
        settings: What the user says about the files.
        titles: Finds roles in titles.
        currencies: The ISO 4217 codes to recognise.
    """

    def __init__(
        self,
        run: Run,
        sql: Mapping[str, str],
        folder: str,
        settings: Settings,
        titles: read.Titles,
        currencies: Collection[str],
    ) -> None:
        self._run = run
        self._sql = sql
        self._folder = folder
        self._settings = settings
        self._titles = titles
        self._currencies = currencies
        mapped = settings.mapped.values()
        self._opener = Opener(folder, settings.encoding, mapped, self._first_lines)

    def read(
        self,
        number: int,
        name: str,
        path: str,
        span: tuple[float, float],
        *,
        carefully: bool = False,
    ) -> File:
        """Write the texts of a file, and return what was read.

        Args:
            number: The number of the file.
            name: Its name.
            path: Where it is.
            span: The shares of the work that are done before and after it.
            carefully: Read it line by line, and skip those that are invalid.

        Raises:
            duckdb.Error: It is not valid.
            DataError: It cannot be read.
            UsageError: Columns are missing.
        """
        table = self._opener.open(name, path, carefully=carefully)
        reader, identifiers, headers, numbers = self._describe(table)
        parameters = {"path": pattern(table.path)}
        shown = display_name(name)
        if looks_like_records(headers):
            raise read_error(name, "the first line is not a header. Add one.")
        sample: list[tuple[Any, ...]] | None = None
        known: dict[int, list[str]] = {}

        def values(at: int) -> list[str]:
            nonlocal sample
            if at not in known:
                if sample is None:
                    texts = ", ".join(f"trim({each}::varchar)" for each in identifiers)
                    query = f"select {texts} from {reader} limit {_SAMPLE}"
                    sample = self._run(query, parameters)
                known[at] = [row[at] for row in sample if row[at]]
            if not known[at] and len(sample or ()) == _SAMPLE:
                text = f"trim({identifiers[at]}::varchar)"
                query = f"select {text} from {reader} where {text} <> '' limit 1"
                known[at] = [value for (value,) in self._run(query, parameters)]
            return known[at]

        def distinct(at: int) -> list[str]:
            text = f"trim({identifiers[at]}::varchar)"
            query = f"select distinct {text} from {reader} where {text} <> '' limit 100"
            return [value for (value,) in self._run(query, parameters)]

        columns = find_columns(
            shown,
            headers,
            self._settings.mapped,
            self._settings.constants,
            values,
            distinct,
            self._titles,
            self._currencies,
        )
        selected, place = self._selected(columns, identifiers, numbers)
        query = self._sql["read"].format(
            file=number,
            columns=", ".join(selected),
            every=", ".join(identifiers),
            reader=reader,
            target=quoted_path(Path(self._folder) / f"texts-{number}.parquet"),
        )
        self._run(query, parameters, "reading records", span)
        notes = [*table.notes, *columns.notes]
        return File(shown, headers, columns, place, table.skipped, notes)

    def _first_lines(self, path: str) -> list[str]:
        query = self._sql["first_lines"].format()
        return [line for (line,) in self._run(query, {"path": pattern(path)})]

    def _describe(
        self, table: Table
    ) -> tuple[str, list[str], list[str], frozenset[int]]:
        """Return the reader of a table, its columns, headers, and which are doubles."""
        if table.headers is not None:
            names = [f"c{at}" for at in range(len(table.headers))]
            types = ", ".join(f"{each}: 'varchar'" for each in names)
            reader = self._sql["read_csv"].format(
                delimiter=table.delimiter,
                columns=f"{{{types}}}",
                compression=table.compression,
            )
            return reader, names, table.headers, frozenset()
        reader = self._sql[f"read_{table.kind}"].format(compression=table.compression)
        query = f"describe select * from {reader}"
        described = self._run(query, {"path": pattern(table.path)})
        headers = [header for header, *_ in described]
        doubles = frozenset(
            at
            for at, (_, kind, *_) in enumerate(described)
            if kind in {"DOUBLE", "FLOAT"}
        )
        identifiers = ['"' + each.replace('"', '""') + '"' for each in headers]
        if table.kind == JSON:
            # Types that DuckDB detects from the first records may not fit later ones.
            texts = ", ".join(f"{each}: 'varchar'" for each in identifiers)
            reader = reader.replace("$path", f"$path, columns={{{texts}}}")
            doubles = frozenset()
        return reader, identifiers, headers, doubles

    def _selected(
        self, columns: Columns, identifiers: list[str], doubles: frozenset[int]
    ) -> tuple[list[str], str | None]:
        """Return the columns of the texts in SQL, and the kind of places."""
        constants = dict(self._settings.constants)
        at = dict(columns.headers)
        place = next((each for each in PLACES if each in at), None)
        if "country" in constants:
            place, constants["place"] = "country", constants.pop("country")
        elif place:
            at["place"] = at[place]
        at["low_text"] = at.get("low", at.get("pay", 0))
        at |= {"high_text": at["high"]} if "high" in at else {}
        for name in ("period", "currency", "unit"):
            implied = getattr(columns, name)
            if implied is not None and name not in at:
                constants.setdefault(name, str(implied))
        selected = []
        for name in _TEXTS:
            if name in constants:
                text = constants[name].replace("'", "''")
                selected.append(f"'{text}' as {name}")
            elif name not in at:
                selected.append(f"null::varchar as {name}")
            else:
                value = identifiers[at[name]]
                if at[name] in doubles and name.endswith("_text"):
                    # With four decimals, which cannot be thousands.
                    value = f"try_cast({value} as decimal(18, 4))"
                text = f"coalesce(trim({value}::varchar), '')"
                if name == "work_mode" and not columns.is_ratio:
                    # Flags, as in remote_allowed; 1 is no ratio.
                    text = f"if({text} in ('1', '1.0'), 'true', {text})"
                selected.append(f"{text} as {name}")
        return selected, place


def pattern(path: str) -> str:
    """Return a path as DuckDB reads it: not a pattern, and without a leading ~."""
    return glob.escape(str(Path(path).absolute()))


def quoted_path(path: Path) -> str:
    """Return a path as it is written in a text of SQL."""
    return str(path).replace("'", "''")


class Meanings:
    """Makes the tables of what the texts of columns mean.

    Args:
        run: Runs a query.
        sql: The queries.
    """

    def __init__(self, run: Run, sql: Mapping[str, str]) -> None:
        self._run = run
        self._sql = sql
        counts = ", ".join(
            f"approx_count_distinct({each}) filter ({each} is not null"
            f" and {_LOOKED_UP.get(each, 'true')})"
            for each in _TEXTS
        )
        (found,) = run(sql["sizes_of_texts"].format(counts=counts))
        # Columns that have many values are read in parts.
        self._parts = {
            column: count and 1 + count // _PART
            for column, count in zip(_TEXTS, found, strict=True)
        }

    def texts(self, column: str, condition: str = "true") -> Iterator[list[str]]:
        """Yield the distinct texts of a column to look up, in parts."""
        for part in range(self._parts[column]):
            query = self._sql["distinct"].format(
                column=column,
                condition=f"{condition} and {_LOOKED_UP.get(column, 'true')}",
                parts=self._parts[column],
                part=part,
            )
            yield [text for (text,) in self._run(query)]

    def make(self, table: str, columns: Mapping[str, str]) -> None:
        """Make an empty table with columns of some types."""
        types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self._run(f"create temp table {table} ({types})")

    def add(
        self, table: str, columns: Mapping[str, str], rows: list[tuple[Any, ...]]
    ) -> None:
        """Add rows to a table."""
        names = ", ".join(
            f"unnest($c{at}::{kind}[])" for at, kind in enumerate(columns.values())
        )
        query = self._sql["lookup"].format(name=table, columns=names)
        if rows:
            lists = {
                f"c{at}": list(cells)
                for at, cells in enumerate(zip(*rows, strict=True))
            }
            self._run(query, lists)

    def look_up(
        self,
        column: str,
        find: Callable[[str], Any],
        kind: str = "varchar",
    ) -> None:
        """Make the table of a column, with the value of each text that has one.

        A text that says that the value is unknown has an empty one.
        """
        table, columns = f"{column}_values", {"text": "varchar", "value": kind}
        self.make(table, columns)
        for texts in self.texts(column):
            found = [(text, find(text)) for text in texts]
            self.add(table, columns, [row for row in found if row[1] is not None])


def unless_missing(find: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Return a function that gives an empty text for one that says nothing."""
    return lambda text: "" if read.is_missing(text) else find(text)


def look_up_titles(meanings: Meanings, titles: read.Titles) -> None:
    """Make the table of titles: their roles and levels."""
    columns = {"text": "varchar", "role": "varchar", "level": "varchar"}
    meanings.make("titles", columns)
    for texts in meanings.texts("title"):
        meanings.add("titles", columns, [(text, *titles.find(text)) for text in texts])


def look_up_pay(meanings: Meanings, currencies: Collection[str]) -> None:
    """Make the table of amounts that are not plain numbers."""
    columns = {
        "text": "varchar", "low": "bigint", "high": "bigint", "currency": "varchar",
        "periods": "integer", "has_unit": "boolean", "is_range": "boolean",
        "is_missing": "boolean", "is_ambiguous": "boolean",
    }  # fmt: skip
    meanings.make("pays", columns)
    for column in ("low_text", "high_text"):
        is_new = f"{column} not in (select text from pays)"
        for texts in meanings.texts(column, is_new):
            rows = []
            for text in texts:
                pay = read.parse_pay(text, currencies)
                if max(pay.low or 0, pay.high or 0) > _MAX_CENTS:
                    pay = read.Pay()
                low, high, currency, period, *flags = pay
                periods = read.PERIODS[period] if period else None
                rows.append((text, low, high, currency, periods, *flags))
            meanings.add("pays", columns, rows)


def look_up_places(
    meanings: Meanings, files: list[File], countries: read.Countries
) -> None:
    """Make the table of places: their countries, by file."""
    columns = {"file": "utinyint", "text": "varchar", "value": "varchar"}
    meanings.make("places", columns)
    for number, file in enumerate(files):
        if file.place is None:
            continue
        condition = f"file = {number}"
        found = [
            countries.evidence(texts) for texts in meanings.texts("place", condition)
        ]
        evidence = read.Evidence(*(any(each) for each in zip(*found, strict=True)))
        prefers_states = _prefers_states(file, evidence)
        if prefers_states and evidence.has_both and file.place != "state":
            codes = "codes that may be of a US state or a country were read as states"
            file.notes.append(codes)
        for texts in meanings.texts("place", condition):
            rows = []
            for text in texts:
                country = (
                    ""
                    if read.is_missing(text)
                    else countries.find(text, prefers_states=prefers_states)
                )
                if country is not None:
                    rows.append((number, text, country))
            meanings.add("places", columns, rows)


def _prefers_states(file: File, evidence: Evidence) -> bool | None:
    """Return whether codes of both a state and a country are states.

    Raises:
        UsageError: They may be either, and nothing says which.
    """
    if file.place == "state":
        return True
    at = file.columns.headers.get(file.place or "")
    if evidence.has_states != evidence.has_countries:
        return evidence.has_states
    if file.place == "country":
        # The header says so, unless there are states as well.
        is_mixed = evidence.has_states and file.columns.is_country_standard
        return None if is_mixed else False
    if evidence.has_both and not evidence.has_states and at is not None:
        header = file.headers[at]
        raise UsageError(
            f"{file.name}: the codes of {header!r} may be US states or countries. "
            "Say which: ",
            Argument("map", assignment("state", header)),
            " or ",
            Argument("map", assignment("country", header)),
            ".",
            argument="map",
        )
    return None


def rate_rows(
    currency: str, codes: Collection[str]
) -> list[tuple[str, int | None, float]]:
    """Return how many units of a currency each other one is worth, by year."""
    years: Mapping[str, Mapping[str, float]] = read_table("rates")["years"]
    rows: list[tuple[str, int | None, float]] = [(currency, None, 1.0)]
    every = sorted({year for of in years.values() for year in of})

    def per_dollar(code: str, year: str) -> float | None:
        return 1.0 if code == "USD" else years.get(code, {}).get(year)

    for code, year in product(("USD", *years), every):
        one, other = per_dollar(currency, year), per_dollar(code, year)
        if code != currency and one and other and code in codes:
            rows.append((code, int(year), one / other))
    return rows
