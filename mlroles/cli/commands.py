"""The commands, in the order of the help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer

from mlroles.cli import completion
from mlroles.cli.options import (
    AMOUNT,
    CHART,
    COUNTRY,
    DATA,
    EXPERIENCE,
    FILTERS,
    LIMIT,
    LOCATION,
    MIN_RECORDS,
    MONEY,
    NO_PAGER,
    OCCUPATION,
    OUTPUT,
    REAL,
    REQUIRED,
    ROLE,
    SECTIONS,
    WORK_MODE,
    YEAR,
    Option,
    choice,
    flag,
    match,
    order,
    with_filters,
)
from mlroles.cli.registry import command
from mlroles.dataset import dimensions
from mlroles.dataset.load import display_name, load
from mlroles.errors import Argument, UsageError, printable, quoted, written
from mlroles.matching import LEVELS, as_list, choose
from mlroles.money import currency_code, parse_range
from mlroles.queries.pay import BREAKDOWNS, SENIORITY
from mlroles.questions import COMPARE, EMPLOYERS, INDUSTRIES, LOCATIONS, RELOCATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.cli.console import Console
    from mlroles.dataset.dataset import Dataset
    from mlroles.queries.answer import Answer


@command(
    "Roles",
    "show",
    "show data engineer --format markdown",
    "show ds --output ds.html --sections skills,sources",
    options=[ROLE],
    output=[SECTIONS, *OUTPUT],
)
def show(data: Dataset, role: str | None) -> Answer[Any]:
    """Show everything about a role on one page."""
    from mlroles.queries import roles as query

    return query.show(data, role)


@command(
    "Roles",
    "describe ds",
    "describe nlp engineer --json",
    options=[ROLE],
    output=OUTPUT,
)
def describe(data: Dataset, role: str | None) -> Answer[Any]:
    """Describe a role: what it is, its skills and applications."""
    from mlroles.queries import roles as query

    return query.describe(data, role)


@command(
    "Roles",
    "duties",
    "duties data engineer --format csv",
    options=[ROLE],
    output=OUTPUT,
)
def duties(data: Dataset, role: str | None) -> Answer[Any]:
    """List the duties of a role."""
    from mlroles.queries import roles as query

    return query.duties(data, role)


@command("Roles", "faq", "faq ai engineer", options=[ROLE], output=OUTPUT)
def faq(data: Dataset, role: str | None) -> Answer[Any]:
    """Answer common questions about a role."""
    from mlroles.queries import roles as query

    return query.faq(data, role)


@command("Roles", "roles", "roles --format csv", output=OUTPUT)
def roles(data: Dataset) -> Answer[Any]:
    """List the roles with their ids and aliases."""
    from mlroles.queries import roles as query

    return query.roles(data)


_DIMENSIONS = (*BREAKDOWNS, SENIORITY)
_BY = choice("--by", "DIMENSION", _DIMENSIONS, "Break pay down by a dimension")


@command(
    "Pay",
    "salary data engineer in germany",
    "salary --by experience --year 2025 --chart",
    options=[ROLE, _BY, LOCATION, *FILTERS, *MONEY, REAL],
    output=[CHART, *OUTPUT],
)
def salary(
    data: Dataset, role: str | None, by: str | None, **values: Any
) -> Answer[Any]:
    """Show what a role pays."""
    from mlroles.queries import salary as query

    values = with_filters(values)
    if _is_several(data, values):
        if by is not None and isinstance(values["location"], list):
            text = " takes one place."
            raise UsageError(Argument("by"), text, argument="by")
        if by is None:
            from mlroles.queries import several

            return several.salaries(
                data, [role], as_list(values.pop("location")), **values
            )
    if by is None:
        return query.salary(data, role, **values)
    return query.salary_by(data, by, role, **values)


def _is_several(data: Dataset, values: dict[str, Any]) -> bool:
    """Return whether an answer has several rows: one for each place.

    A level or a work mode, which no metro area or state has, is a further row.
    """
    location, filters = values["location"], values["filters"]
    if location is None or isinstance(location, list):
        return location is not None
    is_area = data.places.find(location).is_area
    return is_area and (filters.experience or filters.work_mode) is not None


_ROLES = ROLE._replace(
    name="roles",
    help="Roles",
    cli=", as listed by 'mlroles roles'.",
    kind=list[str] | None,
    metavar="[ROLE]...",
    shown_default="machine-learning-engineer and similar roles",
    words=False,
)


@command(
    "Pay",
    "compare --sort openings",
    "compare mle vs ds in seattle",
    options=[
        _ROLES,
        flag("--all", "Compare all roles.")._replace(name="every"),
        flag(
            "--market",
            "Compare the pay of a data set of your own with that of the bundled one.",
        ),
        *order(COMPARE.sorts),
        LOCATION._replace(
            help="Compare roles in a US metro area, US state or country."
        ),
        *FILTERS,
        *MONEY,
        REAL,
    ],
    output=[CHART, *OUTPUT],
)
def compare(
    data: Dataset,
    roles: list[str] | None,
    location: str | None,
    *,
    market: bool,
    **values: Any,
) -> Answer[Any]:
    """Compare roles side by side."""
    from mlroles.queries import compare as query

    values = with_filters(values)
    places = as_list(location)
    if market:
        return _against_market(data, roles or (), places, values)
    if len(places) > 1 or any(data.places.find(name).is_area for name in places):
        return _compare_at(data, roles or [None], places, values)
    if places:
        code = data.places.find(*places).code
        values["filters"] = values["filters"]._replace(country=code)
    return query.compare(data, roles or (), **values)


def _against_market(
    data: Dataset, roles: Sequence[str], places: list[str], values: dict[str, Any]
) -> Answer[Any]:
    """Compare the pay of a data set with the market; other options do not apply."""
    from mlroles.queries import own

    given = {**values, "location": places}
    for name in ("every", "sort", "reverse", "limit", "real", "location"):
        if given[name] not in (None, False, []):
            text = " cannot be combined with "
            other = Argument("all" if name == "every" else name)
            raise UsageError(other, text, Argument("market"), ".", argument=other.name)
    kept = ("filters", "per", "currency")
    return own.against_market(data, roles, **{key: values[key] for key in kept})


def _compare_at(
    data: Dataset,
    roles: Sequence[str | None],
    places: list[str],
    values: dict[str, Any],
) -> Answer[Any]:
    """Compare roles in a metro area or a state, whose figures may differ in kind."""
    from mlroles.queries import several

    options = ("filters", "per", "real", "currency")
    return several.salaries(
        data, roles, places, **{key: values[key] for key in options}
    )


@command(
    "Pay",
    "locations ds --match texas",
    "locations --level country --chart",
    options=[
        ROLE,
        choice("--level", "LEVEL", LEVELS, "Show places of a level"),
        MIN_RECORDS,
        match("places whose name or state contains TEXT", completion.places),
        *order(LOCATIONS.sorts, "median"),
        YEAR,
        COUNTRY._replace(
            help="Compare countries with this one, by code or name.", shown_default="US"
        ),
        EXPERIENCE,
        WORK_MODE,
        *MONEY,
    ],
    output=[CHART, *OUTPUT],
)
def locations(data: Dataset, role: str | None, **values: Any) -> Answer[Any]:
    """Rank places by pay: metro areas, states or countries."""
    from mlroles.queries import locations as query

    return query.locations(data, role, **with_filters(values))


_FILINGS = choice(
    "--by",
    "FILINGS",
    dimensions.COUNTED,
    "Use filings by occupation or title",
)._replace(
    shown_default="title where known, unless --location or --occupation is given"
)


@command(
    "Pay",
    "employers ds --sort filings",
    "employers swe --location seattle",
    options=[
        ROLE,
        _FILINGS,
        MIN_RECORDS._replace(
            help="Show only employers with at least N filings, 10 or more.",
            shown_default="30 by occupation, all known ones by title",
        ),
        LOCATION._replace(help="Use filings in a US metro area."),
        match("employers whose name contains TEXT", completion.employers),
        OCCUPATION,
        *order(EMPLOYERS.sorts, "median"),
        *MONEY,
    ],
    output=[CHART, *OUTPUT],
)
def employers(data: Dataset, role: str | None, **values: Any) -> Answer[Any]:
    """Rank employers by the base pay that they state in H-1B filings."""
    from mlroles.queries import employers as query

    return query.employers(data, role, **values)


@command(
    "Pay",
    "industries ds",
    "industries swe --detail group --match software",
    options=[
        ROLE,
        choice(
            "--detail",
            "LEVEL",
            dimensions.INDUSTRY_DETAILS,
            "Show industries of a level",
            "sector",
        ),
        match(
            "industries whose name contains TEXT or whose NAICS code begins with it",
            completion.industries,
        ),
        OCCUPATION,
        *order(INDUSTRIES.sorts, "median"),
        *MONEY,
    ],
    output=[CHART, *OUTPUT],
)
def industries(data: Dataset, role: str | None, **values: Any) -> Answer[Any]:
    """Rank industries by pay."""
    from mlroles.queries import industries as query

    return query.industries(data, role, **values)


def _parse_pay(
    data: Dataset, amount: str, currency: str | None
) -> tuple[float, float | None]:
    """Parse an amount, or the two ends of a range."""
    return parse_range(
        amount, currency_code(data.currency if currency is None else currency)
    )


@command(
    "Pay",
    "offer 150k --experience senior",
    "offer 172k ds austin seattle",
    "offer 185k mle austin bonus 10% vs 200k seattle bonus 0",
    options=[
        AMOUNT,
        ROLE,
        LOCATION,
        Option(
            "bonus",
            "--bonus",
            "A bonus each year: a percentage of base pay, or an amount.",
            metavar="PART",
        ),
        Option(
            "equity",
            "--equity",
            "Equity: an amount and the years over which it vests, as 200k/4y.",
            metavar="PART",
        ),
        Option("signing", "--signing", "A signing bonus.", metavar="AMOUNT"),
        Option(
            "vs",
            "--vs",
            "Another offer, as it is typed: '195k austin bonus 10%'.",
            list[str] | None,
            metavar="OFFER",
            cli=" Repeatable.",
        ),
        *FILTERS,
        *MONEY,
    ],
    output=[CHART, *OUTPUT],
)
def offer(
    data: Dataset, amount: str, role: str | None, vs: list[str] | None, **values: Any
) -> Answer[Any]:
    """Rank an offer among the pay of a role, or compare offers."""
    from mlroles.queries import offer as query

    asked = {"amount": amount, "role": role, **values}
    if not vs and not _is_several(data, with_filters(asked)):
        alone = query.offer(data, **_offered(data, asked))
        return _with_role_noted(alone, role)
    from mlroles.queries import several

    offers, notes = _offers(data, asked, vs or ())
    answer = several.offers(data, [_offered(data, each) for each in offers])
    answer = answer._replace(notes=[*notes, *answer.notes])
    return _with_role_noted(answer, offers[0]["role"])


def _with_role_noted(answer: Answer[Any], role: str | None) -> Answer[Any]:
    """Return an answer on an amount with a note if no role was given."""
    if role is not None:
        return answer
    title = answer.data.role()["title"]
    return answer._replace(notes=[f"no role was given; using {title}", *answer.notes])


def _offered(data: Dataset, values: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of the query on an offer from the values of the options."""
    low, high = _parse_pay(data, values["amount"], values["currency"])
    return with_filters(values) | {"amount": low, "high": high}


# What a person keeps when they compare offers.
_OF_PERSON = ("role", "year")


def _offers(
    data: Dataset, first: dict[str, Any], texts: Iterable[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the values of the options of all offers, and notes.

    What only one of them states about the person, or about the place, is that of all.
    """
    from mlroles.cli.typed import fill

    offers, notes = [first], []
    for text in texts:
        values = dict.fromkeys(first) | {"per": "year", "vs": None}
        filled, more = fill(data, "offer", [text], values)
        if others := filled.pop("vs"):
            raise UsageError(
                f"{quoted(others[0])}: ", Argument("vs"), " takes one offer.",
                argument="vs",
            )  # fmt: skip
        offers.append(filled)
        notes += more
    for key in _OF_PERSON:
        stated = [each[key] for each in offers if each[key] is not None]
        if stated:
            offers = [{**each, key: each[key] or stated[0]} for each in offers]
    # A level that follows the second amount may be that of the second offer alone.
    level = first["experience"]
    offers = [{**each, "experience": each["experience"] or level} for each in offers]
    places = [each["location"] for each in offers if each["location"] is not None]
    open_ = [e for e in offers if e["location"] is None and e["work_mode"] is None]
    if len(places) == 1 and open_:
        numbers = " and ".join(each["amount"] for each in open_)
        amounts = re.sub("[0-9]+", lambda found: f"{int(found[0]):,}", numbers)
        names = " and ".join(data.places.find(e).short_name for e in as_list(places[0]))
        notes.append(f"no place was given for {amounts}; using {names}")
        offers = [{**e, "location": places[0]} if e in open_ else e for e in offers]
    return offers, notes


@command(
    "Pay",
    "relocate 172k ds from austin to san francisco",
    "relocate 60k-70k de --from germany --to austria --currency EUR",
    "relocate 172k ds --from austin --limit 10",
    options=[
        AMOUNT,
        ROLE,
        Option(
            "from_place",
            "--from",
            "Where the pay is: a US metro area, US state or country.",
            metavar="PLACE",
            shown_default="the first place that is typed",
            complete=completion.locations,
        ),
        Option(
            "to_places",
            "--to",
            "Another place.",
            list[str] | None,
            metavar="PLACE",
            shown_default="all places where the role has figures",
            complete=completion.locations,
            cli=" Repeatable.",
        ),
        *order(RELOCATE.sorts),
        *MONEY,
    ],
    output=[CHART, *OUTPUT],
)
def relocate(
    data: Dataset,
    amount: str,
    role: str | None,
    to_places: list[str] | None,
    currency: str | None,
    **values: Any,
) -> Answer[Any]:
    """Show what pay is worth in other places."""
    from mlroles.queries import relocate as query

    if values["from_place"] is None:
        text = (
            "where is the pay? Name two places: relocate 172k from austin to seattle."
        )
        raise UsageError(text, argument="from")
    low, high = _parse_pay(data, amount, currency)
    values |= {"to_places": to_places or (), "high": high, "currency": currency}
    return _with_role_noted(query.relocate(data, low, role, **values), role)


@command(
    "Roles",
    "skills ds --limit 20",
    "skills --match python",
    options=[
        ROLE,
        match(
            "technologies whose name or category contains TEXT", completion.technologies
        ),
        LIMIT,
    ],
    output=OUTPUT,
)
def skills(data: Dataset, role: str | None, **values: Any) -> Answer[Any]:
    """List the technologies that a role uses, those in demand first."""
    from mlroles.queries import skills as query

    return query.skills(data, role, **values)


@command(
    "Roles",
    "outlook",
    "outlook data scientist --chart",
    "outlook --by month --format csv",
    options=[
        ROLE,
        choice("--by", "DIMENSION", ("month",), "Break postings down by a dimension"),
    ],
    output=[CHART, *OUTPUT],
)
def outlook(data: Dataset, role: str | None, by: str | None) -> Answer[Any]:
    """Show projected growth, openings and job postings."""
    from mlroles.queries import outlook as query

    return query.outlook(data, role, by=by)


@command("Data", "sources", "sources --json", output=OUTPUT)
def sources(data: Dataset) -> Answer[Any]:
    """List the sources of all figures."""
    from mlroles.queries import roles as query

    return query.sources(data)


@command(
    "Data",
    "validate mine.json",
    "validate - < mine.json",
    options=[
        Option("file", "", "A data set; - is standard input.", str, REQUIRED, "FILE")
    ],
)
def validate(context: typer.Context, file: str) -> None:
    """Validate a data set and list all its errors."""
    count = len(load(file).roles)
    roles = "1 role" if count == 1 else f"{count:,} roles"
    console: Console = context.obj
    console.write(f"{printable(display_name(file))}: valid, {roles}\n")


@command("Data", "schema", "schema > schema.json")
def schema(context: typer.Context) -> None:
    """Print the JSON Schema of a data set."""
    import json

    from mlroles.dataset.schema import json_schema

    console: Console = context.obj
    console.write(json.dumps(json_schema(), indent=2) + "\n")


@command(
    "Data",
    "import records.csv --output mine.json",
    "import --print-sql --table hr.pay > pay.sql",
    options=[
        Option(
            "records",
            "",
            "CSV, JSON, Parquet or Excel files, or patterns; - is standard input.",
            list[str] | None,
            metavar="RECORDS...",
        ),
        Option(
            "output",
            "--output -o",
            "The new data set; - is standard output. Required.",
            metavar="FILE",
        ),
        Option(
            "mapped",
            "--map",
            "Read a column from a header: title, pay, low, high, year, level, country, "
            "location, state, work_mode, employment, fte, hours, status, period, "
            "currency or unit. Values inside others in JSON have dotted names. "
            "Repeatable.",
            list[str] | None,
            metavar="COLUMN=HEADER",
        ),
        Option(
            "constants",
            "--set",
            "Set a column for all records: year, level, country, work_mode, "
            "employment, status, period, currency, unit or decimal (comma, point). "
            "Repeatable.",
            list[str] | None,
            metavar="COLUMN=VALUE",
        ),
        Option(
            "titles",
            "--titles",
            "How titles match roles: inside finds a role in them, exact does not, and "
            "a CSV file with the columns title and role names those of other titles.",
            str,
            "inside",
            metavar="RULE",
        ),
        Option(
            "unmatched",
            "--unmatched",
            "Write the titles that match no role to a CSV file.",
            metavar="FILE",
        ),
        Option(
            "encoding",
            "--encoding",
            "The encoding of text files, such as cp1252.",
            metavar="NAME",
            shown_default="UTF-8, UTF-16 with a byte order mark, or Windows-1252",
        ),
        Option(
            "sheet",
            "--sheet",
            "The sheet of spreadsheets to read.",
            metavar="NAME",
            shown_default="the one whose header names most columns",
        ),
        flag("--distinct", "Count identical records once."),
        flag(
            "--dry-run",
            "Show how the records are understood, and write no data set.",
        ),
        Option(
            "employment",
            "--employment",
            "Use records of an employment type, or 'all'. Repeatable.",
            list[str] | None,
            metavar="TYPE",
            shown_default="FT",
        ),
        MIN_RECORDS._replace(
            help="Omit groups of fewer than N records, 10 or more.",
            kind=int,
            default=dimensions.MIN_RECORDS,
        ),
        flag("--strict", "Fail if any record is skipped."),
        flag(
            "--print-sql",
            "Print a statement that groups records in a database, instead of importing "
            "any.",
        ),
        Option(
            "table",
            "--table",
            "The table of --print-sql.",
            str,
            "records",
            metavar="NAME",
        ),
        flag(
            "--aggregated",
            "RECORDS is a CSV file with the result of that statement.",
        ),
        flag("--force", "Replace a file that is not a data set, or a link."),
        DATA,
    ],
)
def import_(
    context: typer.Context,
    *,
    records: list[str] | None,
    output: str | None,
    mapped: list[str] | None,
    constants: list[str] | None,
    titles: str,
    unmatched: str | None,
    encoding: str | None,
    sheet: str | None,
    distinct: bool,
    dry_run: bool,
    employment: list[str] | None,
    min_records: int,
    strict: bool,
    print_sql: bool,
    table: str,
    aggregated: bool,
    force: bool,
    data_file: str | None,
) -> None:
    """Import pay records into a data set."""
    from mlroles.cli.console import option
    from mlroles.extras.importer.command import (
        import_files,
        print_statement,
        settings_of,
    )

    console: Console = context.obj
    settings = settings_of(
        mapped or [],
        constants or [],
        data_file,
        titles=titles,
        encoding=encoding,
        sheet=sheet,
        distinct=distinct,
        employment=tuple(employment or ["FT"]),
        min_records=min_records,
        is_strict=strict,
    )
    if print_sql:
        if records or output or aggregated or dry_run or unmatched:
            raise UsageError(
                "--print-sql takes no RECORDS, --output or --aggregated: it prints a "
                "statement to run where the records are."
            )
        console.write(print_statement(table, settings, data_file), "utf-8")
        return
    with console.progress() as progress:
        text, notes, problem = import_files(
            records or [],
            output,
            settings,
            data_file,
            aggregated=aggregated,
            force=force,
            dry_run=dry_run,
            unmatched=unmatched,
            progress=progress,
        )
    if text:
        console.write(written(text, option), "utf-8")
    console.print_messages("note", *notes)
    if problem:
        raise problem


@command("Agents", "mcp", "mcp --data mine.json", options=[DATA])
def mcp(context: typer.Context, data_file: str | None) -> None:
    """Answer the questions of AI agents over the Model Context Protocol."""
    from mlroles.cli.mcp import run

    console: Console = context.obj
    run(data_file, write=console.write)


@command(
    "Help",
    "help json",
    "help exit-codes",
    options=[
        Option(
            "topic",
            "",
            "A command, 'data' for the figures and their sources, 'exit-codes', 'json' "
            "for the keys of JSON answers, or 'words' for what can be typed after a "
            "command.",
            metavar="[TOPIC]",
            complete=completion.topics,
        ),
        NO_PAGER,
    ],
)
def help_(context: typer.Context, topic: str | None, *, no_pager: bool) -> None:
    """Show help for a command or a topic."""
    from mlroles.cli.help_topics import TOPICS

    console: Console = context.obj
    write = console.write if no_pager else console.page
    root = context.find_root()
    commands = getattr(root.command, "commands", {})
    if topic is None:
        write(root.get_help() + "\n")
        return
    name = choose(topic, [*TOPICS, *commands], "topic")
    if name in TOPICS:
        write(TOPICS[name](console.width))
    else:
        with typer.Context(commands[name], parent=root, info_name=name) as child:
            write(child.get_help() + "\n")
