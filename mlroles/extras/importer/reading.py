"""Read files of pay records: look up each distinct text, and write typed records."""

from __future__ import annotations

import glob
from functools import cache, partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.bundled import read_table
from mlroles.dataset.dimensions import HOME_COUNTRY, MIN_RECORDS
from mlroles.dataset.load import display_name
from mlroles.errors import UsageError, quoted
from mlroles.extras.importer import import_extra
from mlroles.extras.importer import values as read
from mlroles.extras.importer.columns import (
    PAYS,
    STANDARD_CURRENCY,
    STRAY,
    Columns,
    Finder,
    check_mapped,
    contradicts,
    looks_like_records,
    to_be_said,
)
from mlroles.extras.importer.database import SQL
from mlroles.extras.importer.files import (
    CSV,
    JSON,
    PARQUET,
    Opener,
    Table,
    lacks_space,
    read_error,
)
from mlroles.extras.importer.places import Countries
from mlroles.money import latest_rates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mlroles.extras.importer.database import Run

FULL_TIME = "FT"
# Amounts outside this range are typing errors, or of another period or currency.
MIN_PAY, MAX_PAY = 1_000, 100_000_000
# The texts of records.
TEXTS = (
    "title", "low_text", "high_text", "year", "level", "place", "area", "work_mode",
    "employment", "fte", "hours", "status", "period", "currency", "unit", "total",
    "person",
)  # fmt: skip
# Those of columns that are not under their own names.
_TEXT_OF = {
    "pay": "low_text", "low": "low_text", "high": "high_text", "country": "place",
    "location": "area", "state": "area",
}  # fmt: skip
# First cells of lines of totals.
_TOTAL = f"(grand |[^a-z]*({'|'.join(sorted(read.TOTALS))})[^a-z]*)+"
# The beginnings of the types of dates of DuckDB, and the types of numbers.
_DATES = {"DATE", "TIME"}
_NUMERIC = {
    "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "BIGINT", "INTEGER", "SMALLINT", "TINYINT",
    "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT",
}  # fmt: skip
# Columns of one value for each text, and their types.
_VALUES = {
    "year": "integer", "level": "usmallint", "place": "usmallint",
    "work_mode": "usmallint", "employment": "varchar", "fte": "boolean",
    "hours": "integer", "status": "usmallint", "period": "integer",
    "currency": "varchar", "unit": "integer",
}  # fmt: skip
_PAY = {
    "low": "bigint", "high": "bigint", "currency": "varchar", "periods": "integer",
    "has_unit": "boolean", "is_range": "boolean", "is_missing": "boolean",
    "is_ambiguous": "boolean", "is_open": "boolean", "decimal": "varchar",
}  # fmt: skip
# The reasons to skip records of a status, 0 if they count.
_STATUSES = {"current": 0, "refused": 9, "former": 15}
# The number of values that show what a column is, and of texts in a lookup.
_SAMPLE, _PART = 1_000, 200_000


class Settings(NamedTuple):
    """What the user says about records.

    Attributes:
        mapped: The headers to use, by column.
        constants: The values of columns that are the same for all records.
        encoding: The encoding of the files, None to detect it.
        sheet: The sheet of spreadsheets, None to choose it.
        titles: The ids of roles by titles that do not contain their names.
        exact_titles: Whether titles must be names of roles, or one of those.
        distinct: Whether identical records count once.
        employment: The employment types to use; "all" uses every record.
        min_records: The fewest records that a group may have, 10 or more.
        is_strict: Whether to refuse records of which any is skipped.
    """

    mapped: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    encoding: str | None = None
    sheet: str | None = None
    titles: Mapping[str, str] = {}
    exact_titles: bool = False
    distinct: bool = False
    employment: tuple[str, ...] = (FULL_TIME,)
    min_records: int = MIN_RECORDS
    is_strict: bool = False


class File(NamedTuple):
    """A file that was read, or several of one form.

    Attributes:
        name: Its name, or that of the first one.
        files: The number of files.
        columns: Its columns.
        samples: The most frequent values of its columns, by their names.
        skipped: The number of lines that are not records.
        is_range: Whether its pay is ranges.
    """

    name: str
    files: int
    columns: Columns
    samples: Mapping[str, list[str]]
    skipped: int
    is_range: bool


def text_of(column: str) -> str:
    """Return which of TEXTS a column of records is."""
    return _TEXT_OF.get(column, column)


def several(name: str, count: int) -> str:
    """Return the name of a file with the number of others, if there are any."""
    others = count - 1
    return f"{name} and {others:,} other file{'s' * (others > 1)}" if others else name


class Reader:
    """Reads files into Parquet files of records in a folder.

    Args:
        run: Runs a query.
        folder: The folder.
        settings: What the user says about the files.
        roles: The ids of roles by the keys of their names.
        currency: The currency of the data set.
    """

    def __init__(
        self,
        run: Run,
        folder: str,
        settings: Settings,
        roles: Mapping[str, str],
        currency: str,
    ) -> None:
        self._run = run
        self._folder = Path(folder)
        self._targets = (
            self._folder / f"records-{number}.parquet" for number in count()
        )
        self._settings = settings
        self._titles = read.Titles(
            roles, settings.titles, is_exact=settings.exact_titles
        )
        self._currency = currency
        # The numbers of names in the records, which are faster than texts.
        self._numbers = {"": 0, HOME_COUNTRY: 1}
        self._countries = Countries()
        given = settings.constants.get("currency")
        self._given = given and read.find_currency(given)
        rates = list(_rates(currency))
        known = {code for code, *_ in rates}
        if self._given and self._given not in known:
            choices = f"Choose from: {', '.join(sorted(known - {'$'}))}."
            problem = f"no exchange rate for {self._given}. {choices}"
            raise UsageError(problem, argument="set")
        run(SQL["macros"])
        types = {"code": "varchar", "year": "integer", "rate": "double"}
        self._fill("rates", types, [rates])

    def read(self, files: Mapping[str, str]) -> list[File]:
        """Write the records of files, and return what was read.

        Files of one form are read together: DuckDB plans the queries of many small
        files once.

        Args:
            files: The paths of files by their names.

        Raises:
            DataError: One cannot be read.
            UsageError: Columns are missing.
        """
        opener = Opener(
            str(self._folder),
            self._settings.encoding,
            self._settings.mapped,
            self._settings.sheet,
            are_several=len(files) > 1,
        )
        opened = {name: opener.open(name, path) for name, path in files.items()}
        groups = self._grouped(opened)
        check_mapped(
            {next(iter(tables)): form.headers for form, tables in groups.items()},
            self._settings.mapped,
        )
        sizes = {name: Path(path).stat().st_size for name, path in files.items()}
        done, total, found = 0, max(1, sum(sizes.values())), list[File]()
        for form, tables in groups.items():
            size = sum(sizes[name] for name in tables)
            span = (done / total, (done + size) / total)
            done += size
            try:
                found.append(self._read(form, tables, span))
            except import_extra("duckdb").Error as error:
                if lacks_space(error):
                    raise
                repaired = self._repaired(opener, form, tables)
                reread = self._grouped(repaired).items()
                found += (self._read(*each, span) for each in reread)
        return found

    def _grouped(self, tables: Mapping[str, Table]) -> dict[Table, dict[str, Table]]:
        """Return tables by form, then by name."""
        groups: dict[Table, dict[str, Table]] = {}
        for name, table in tables.items():
            described = table if table.names else self._described(name, table)
            groups.setdefault(described.form, {})[name] = table
        return groups

    def _described(self, name: str, table: Table) -> Table:
        """Return a table that is not CSV with its columns."""
        rows = self._queried(name, table, "describe select *") or []
        names = ['"' + each.replace('"', '""') + '"' for each, *_ in rows]
        columns = [(h, n, kind) for n, (h, kind, *_) in zip(names, rows, strict=True)]
        if table.kind == JSON:
            columns = [each for column in columns for each in _flattened(*column)]
        headers, values, types = zip(*columns, strict=True)
        return table._replace(
            names=tuple(names), headers=headers, values=values, types=types
        )

    def _queried(
        self, name: str, table: Table, selected: str
    ) -> list[tuple[Any, ...]] | None:
        """Query a table; None if DuckDB cannot read it, and it is CSV.

        Raises:
            DataError: It is invalid, and not CSV.
        """
        try:
            return self._run(f"{selected} from {_reader(table, [table.path])}")
        except import_extra("duckdb").Error as error:
            if lacks_space(error):
                raise
            if table.kind == CSV:
                return None
            raise read_error(name, f"not a valid {table.kind} file") from None

    def _repaired(
        self, opener: Opener, form: Table, tables: Mapping[str, Table]
    ) -> dict[str, Table]:
        """Return tables without the lines that DuckDB does not read."""
        readable = {}
        for name, table in tables.items():
            alone = form._replace(path=table.path)
            readable[name] = table
            if not self._queried(name, alone, f"select count({_row(form)})"):
                readable[name] = opener.open(name, table.path, carefully=True)
        return readable

    def _read(
        self, form: Table, tables: Mapping[str, Table], span: tuple[float, float]
    ) -> File:
        name = next(iter(tables))
        if looks_like_records(form.headers):
            raise read_error(name, "the first line is not a header. Add one.")
        shown = several(display_name(name), len(tables))
        reader = _reader(form, (table.path for table in tables.values()))
        columns = self._finder(shown, form, reader).find(
            self._settings.mapped, self._settings.constants
        )
        columns.notes[:0] = form.notes
        middle = sum(span) / 2
        self._select(form, reader, columns, (span[0], middle))
        tops = ", ".join(f"approx_top_k(nullif({each}, ''), 3)" for each in TEXTS)
        (found,) = self._run(f"select {tops} from (from texts limit {_SAMPLE})")
        most = dict(zip(TEXTS, found, strict=True))
        samples = {column: most[text_of(column)] or [] for column in columns.found}
        self._look_up(shown, columns)
        ((has_years,),) = self._run("select count(*) > 0 from year_values")
        if not has_years and (at := columns.found.pop("year", None)) is not None:
            header = quoted(columns.headers[at])
            columns.notes.append(f"no year was found under {header}")
        ((ranges, commas, points, unsure, named),) = self._run(SQL["pay_texts"])
        has_commas = bool(commas and not points)
        if unsure and has_commas:
            note = "points separate thousands, as other amounts have decimal commas"
            columns.notes.append(note)
        is_range = bool(ranges) or "high" in columns.found
        query = SQL["stage"].format(
            is_range=is_range,
            has_commas=has_commas,
            has_years=has_years,
            has_periods="period" in columns.found,
            has_currencies="currency" in {*columns.found, *self._settings.constants},
            joins="\n".join(
                f"left join {each}_values on {each}_values.text = texts.{each}"
                for each in _VALUES
            ),
            target=literal(next(self._targets)),
        )
        own, numbers = currencies(), self._numbers.items()
        foreign = [n for country, n in numbers if own.get(country) != self._currency]
        employment = sorted(map(read.find_employment, self._settings.employment))
        values = {
            "employment": employment,
            "currency": self._currency,
            "latest": latest_rates(read_table("rates")["years"]),
            "assumed": self._assumed(shown, columns) if named else None,
            "stated": columns.stated,
            "signs": sorted(read.SIGNS_OF),
            "home": self._numbers[HOME_COUNTRY],
            "dollars": [n for country, n in numbers if country in read.DOLLARS],
            "foreign": foreign,
            "min_cents": 100 * MIN_PAY,
            "max_cents": 100 * MAX_PAY,
        }
        self._run(query, values, "reading records", (middle, span[1]))
        skipped = sum(table.skipped for table in tables.values())
        name, files = display_name(name), len(tables)
        return File(name, files, columns, samples, skipped, is_range)

    def _assumed(self, name: str, columns: Columns) -> str | None:
        """Return the currency of amounts without one, if other amounts name it.

        Raises:
            UsageError: They name several, or are few; or not the one that is given.
        """
        if "currency" in columns.found:
            return None
        stated: dict[str, int] = dict(self._run(SQL["stated"]))
        total, bare = sum(stated.values()), stated.pop("", 0)
        home = self._given or self._currency
        others = {c: n for c, n in stated.items() if not read.is_same_currency(c, home)}
        count, listed = sum(others.values()), ", ".join(sorted(others))
        if count <= STRAY * total:
            return None
        if self._given:
            problem = f"{count:,} of {total:,} amounts are in {listed}"
            raise contradicts(name, problem, self._given)
        if not bare or "currency" in columns.implied:
            return None
        most = max(others, key=lambda code: others[code])
        say = f"{bare:,} amounts name no currency"
        if len(stated) > 1 or others[most] < bare:
            problem = f"{say}, and others {listed}. Say which"
            ways = [("map", "currency", "HEADER")]
            if len(stated) == 1:
                ways.insert(0, ("set", "currency", most))
            raise to_be_said(name, problem, *ways)
        columns.notes.append(f"{say}: read as {most}, as the others")
        return most

    def _finder(self, name: str, form: Table, reader: str) -> Finder:
        texts = [f"trim({each}::varchar)" for each in form.values]

        @cache
        def sample() -> list[tuple[Any, ...]]:
            query = f"select {', '.join(texts)} from {reader}"
            return self._run(f"{query} limit {_SAMPLE}")

        @cache
        def values(at: int) -> list[str]:
            found = [row[at] for row in sample() if row[at]]
            if found or len(sample()) < _SAMPLE:
                return found
            query = f"select {texts[at]} from {reader} where {texts[at]} <> ''"
            return [text for (text,) in self._run(f"{query} limit 1")]

        return Finder(name, form.headers, values, form.currency)

    def _select(
        self, form: Table, reader: str, columns: Columns, span: tuple[float, float]
    ) -> None:
        """Make the view of the texts of files, which are read once if they are text."""
        view, row = self._expressions(form, columns), _row(form)
        is_typed = form.kind == PARQUET and not columns.periods
        if form.kind != PARQUET:
            selected = _aliased({**view, "row": row})
            target = self._folder / "texts.parquet"
            query = f"copy (select {selected} from {reader}) to {literal(target)}"
            self._run(query, None, "reading records", span)
            reader = SQL["read_parquet"].format(paths=literal(pattern(target)))
            view, row = {name: name for name in TEXTS}, "row"
        pays = {text_of(name): at for name, at in columns.found.items() if name in PAYS}
        for text, number in (("low_text", "low_number"), ("high_text", "high_number")):
            view[number] = f"number({view[text]})"
            kind = form.types[pays[text]] if is_typed and text in pays else ""
            if kind.partition("(")[0] in _NUMERIC:
                # By four decimals, as the text of a double may have more than it means.
                cast = f"try_cast({form.values[pays[text]]} as decimal(18, 4))"
                view[number] = f"{cast}::decimal(18, 2)"
        view |= {"row": row, "has_high": str("high_text" in pays).lower()}
        query = f"create or replace temp view texts as select {_aliased(view)}"
        self._run(f"{query} from {reader}")

    def _expressions(self, form: Table, columns: Columns) -> dict[str, str]:
        """Return the SQL of each of TEXTS: null without a column or a constant."""
        expressions = dict.fromkeys(TEXTS, "null::varchar")
        constants = {**columns.implied, **self._settings.constants}
        for name, constant in constants.items():
            if text_of(name) in TEXTS:
                expressions[text_of(name)] = literal(constant)
        found = {name: form.values[at] for name, at in columns.found.items()}
        texts = {name: f"trim({value}::varchar)" for name, value in found.items()}
        if "year" in found and form.types[columns.found["year"]][:4] in _DATES:
            texts["year"] = f"trim(year({found['year']})::varchar)"
        if "work_mode" in found and "work_mode" not in columns.standard:
            # Flags, as in remote_allowed; 1 is no ratio.
            text = texts["work_mode"]
            texts["work_mode"] = f"if({text} in ('1', '1.0'), 'true', {text})"
        texts = {name: f"coalesce({text}, '')" for name, text in texts.items()}
        expressions |= {text_of(name): text for name, text in texts.items()}
        if columns.person is not None:
            expressions["person"] = f"trim({form.values[columns.person]}::varchar)"
        if before := form.values[: columns.found["title"]]:
            cells = ", ".join(f"nullif(trim({each}::varchar), '')" for each in before)
            is_total = f"regexp_full_match(lower(coalesce({cells})), {literal(_TOTAL)})"
            expressions["total"] = f"if({is_total}, coalesce({cells}), null)"
        if {"location", "state"} & {*texts}:
            location, state = (texts.get(each, "''") for each in ("location", "state"))
            expressions["area"] = f"nullif({location} || '|' || {state}, '|')"
            if columns.place != "country":
                # Newark, DE next to DE has its state.
                other = f"if(ends_with({location}, ' ' || {state}), '', {state})"
                both = f"concat_ws(', ', nullif({location}, ''), nullif({other}, ''))"
                expressions["place"] = both
        for at, period in columns.periods.items():
            expressions["low_text"] = SQL["first_known"].format(
                first=expressions["low_text"],
                other=f"trim({form.values[at]}::varchar)",
                period=period.replace("two weeks", "fortnight"),
            )
        return expressions

    def _look_up(self, name: str, columns: Columns) -> None:
        """Make the tables of what the texts of a file mean."""
        standard = {STANDARD_CURRENCY: self._currency}
        header, status = (
            columns.headers[columns.found[each]] if each in columns.found else ""
            for each in ("period", "status")
        )
        find: dict[str, Callable[[str], Any]] = {
            "year": read.find_year,
            "level": self._named(read.find_level),
            "place": self._named(self._place_finder(name, columns)),
            "work_mode": self._named(read.find_mode),
            "employment": read.find_employment,
            "fte": read.find_part_time,
            "hours": read.find_hours,
            "status": lambda t: _STATUSES.get(read.find_status(t, status) or ""),
            "period": lambda t: read.PERIODS.get(read.find_flagged(t, header) or ""),
            "unit": read.find_unit,
            "currency": lambda t: standard.get(t) or read.find_currency(t),
        }
        for column, kind in _VALUES.items():
            self._make(f"{column}_values", column, {"value": kind}, find[column])
        area = {"metro": "usmallint", "state": "usmallint"}
        self._make("areas", "area", area, self._area)
        title = {"role": "usmallint", "level": "usmallint", "is_total": "boolean"}
        self._make("titles", "title", title, self._title)
        for end in ("low", "high"):
            is_text = f"{end}_number is null"
            self._make(f"{end}_pay", f"{end}_text", _PAY, self._pay, is_text)

    def _title(self, text: str) -> tuple[int | bool | None, ...]:
        found = map(self._number, self._titles.find(text))
        return *found, read.is_total(text) or None

    def _area(self, text: str) -> tuple[int | None, ...]:
        location, _, state = text.rpartition("|")
        return tuple(map(self._number, self._countries.area(location, state)))

    def _number(self, name: str | None) -> int | None:
        if name is None:
            return None
        return self._numbers.setdefault(name, len(self._numbers))

    def _named(self, find: Callable[[str], str | None]) -> Callable[[str], int | None]:
        """Return a function for the number of what a text names, 0 for nothing."""
        return lambda text: 0 if read.is_missing(text) else self._number(find(text))

    @property
    def names(self) -> list[str]:
        """The names of roles, countries, levels and work modes, by their numbers."""
        return list(self._numbers)

    def _pay(self, text: str) -> tuple[Any, ...]:
        pay = read.parse_pay(text, self._settings.constants.get("decimal"))
        low, high, currency, period, *flags = pay
        return (low, high, currency, read.PERIODS.get(period or ""), *flags)

    def _texts(self, column: str, condition: str = "true") -> Iterator[list[str]]:
        """Yield the distinct texts of a column, in parts: there may be many."""
        ((total,),) = self._run(
            f"create or replace temp table distinct_texts as select distinct {column} "
            f"from texts where {column} is not null and {condition}"
        )
        for start in range(0, total, _PART):
            within = f"rowid between {start} and {start + _PART - 1}"
            rows = self._run(f"select * from distinct_texts where {within}")
            yield [text for (text,) in rows]

    def _make(
        self,
        table: str,
        column: str,
        types: Mapping[str, str],
        find: Callable[[str], Any],
        condition: str = "true",
    ) -> None:
        """Make a table of the values of texts, without those that have none."""

        def rows(texts: Iterable[str]) -> Iterator[tuple[Any, ...]]:
            for text in texts:
                found = find(text)
                row = found if isinstance(found, tuple) else (found,)
                if any(each is not None for each in row):
                    yield text, *row

        parts = (list(rows(texts)) for texts in self._texts(column, condition))
        self._fill(table, {"text": "varchar", **types}, parts)

    def _fill(
        self,
        table: str,
        types: Mapping[str, str],
        parts: Iterable[list[tuple[Any, ...]]],
    ) -> None:
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        self._run(f"create or replace temp table {table} ({columns})")
        lists = ", ".join(
            f"unnest($c{at}::{kind}[])" for at, kind in enumerate(types.values())
        )
        for rows in filter(None, parts):
            cells = enumerate(zip(*rows, strict=True))
            values = {f"c{at}": list(each) for at, each in cells}
            self._run(f"insert into {table} select {lists}", values)

    def _place_finder(self, name: str, columns: Columns) -> Callable[[str], str | None]:
        """Return a function for the country of a place.

        Raises:
            UsageError: Codes may be states or countries, and nothing says which.
        """
        place, find = columns.place, self._countries.find
        if place is None or place == "state":
            of = self._countries.states(chain.from_iterable(self._texts("place")))
            return partial(find, prefers_states=True, states=of)
        found = [self._countries.codes(texts) for texts in self._texts("place")]
        states, countries, both, others = (
            any(each[at] for each in found) for at in range(4)
        )
        prefers: bool | None = None
        if states != countries:
            prefers = states
        elif place == "country":
            # The header says so, unless there are states as well.
            prefers = None if states and "country" in columns.standard else False
        elif both and not states and "state" in columns.found:
            prefers = True
        elif both and not states:
            header = columns.headers[columns.found[place]]
            problem = f"the codes of {quoted(header)} may be US states or countries"
            ways = [("map", each, header) for each in ("state", "country")]
            raise to_be_said(name, f"{problem}. Say which", *ways)
        if prefers and both:
            codes = "codes that may be of a US state or a country were read as states"
            columns.notes.append(codes)
        is_location = place == "location"
        return partial(find, prefers_states=prefers, has_regions=others and is_location)


def _reader(form: Table, paths: Iterable[str]) -> str:
    """Return the SQL that reads files of one form."""
    texts = ", ".join(f"{each}: 'varchar'" for each in form.names)
    return SQL[f"read_{form.kind.lower()}"].format(
        paths=", ".join(literal(pattern(each)) for each in paths),
        compression="gzip" if form.is_packed else "none",
        delimiter=form.delimiter,
        # Types that DuckDB detects from the first records may not fit later ones.
        columns=f", columns={{{texts}}}" if texts else "",
    )


def _row(form: Table) -> str:
    """Return the SQL for the hash of all that a row has, also inside lists."""
    return f"hash({', '.join(form.names)})"


def _flattened(
    header: str, column: str, kind: str, pointer: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield the values inside a column of JSON: dotted headers, SQL, and types.

    Of a list, they are those of its first value; the columns are read as texts.
    """
    found = import_extra("duckdb").type(kind) if "STRUCT(" in kind else None
    if found and found.id == "list" and found.child.id == "struct":
        found, header, pointer = found.child, f"{header}.0", f"{pointer}/0"
    if found is None or found.id != "struct":
        path = literal(pointer)
        value = f"json_extract_string({column}, {path})" if pointer else column
        yield header, value, "VARCHAR"
        return
    for name, inner in found.children:
        step = name.replace("~", "~0").replace("/", "~1")
        yield from _flattened(
            f"{header}.{name}", column, str(inner), f"{pointer}/{step}"
        )


def _aliased(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{value} as {name}" for name, value in expressions.items())


def currencies() -> dict[str, str]:
    """Return the currencies of countries, as far as they are known."""
    return {**read.DOLLARS, **read_table("rates")["currencies"]}


def _rates(currency: str) -> Iterator[tuple[str, int | None, float]]:
    """Yield how many units of a currency each other one is worth, by year."""
    years: dict[str, Mapping[str, float]] = dict(read_table("rates")["years"])
    years["USD"] = {year: 1.0 for of in years.values() for year in of}
    # A dollar is a US dollar unless something else is stated.
    years["$"] = years["USD"]
    own = years.get(currency, {})
    same = {currency, "$"} if currency == "USD" else {currency}
    yield from ((code, None, 1.0) for code in same)
    for code in sorted({*years} & {*read.currency_codes(), "$"} - same):
        for year in sorted({*years[code]} & {*own}):
            yield code, int(year), own[year] / years[code][year]


def pattern(path: str | Path) -> Path:
    """Return a path as DuckDB reads it: not a pattern, and without a leading ~."""
    return Path(glob.escape(str(Path(path).absolute())))


def literal(text: str | Path) -> str:
    """Return a text or a path as SQL."""
    return "'" + str(text).replace("'", "''") + "'"
