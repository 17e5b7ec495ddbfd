"""The commands, in the order of the help."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from mlroles.cli import completion
from mlroles.cli import options as opt
from mlroles.cli.console import Console
from mlroles.cli.registry import command
from mlroles.dataset.dimensions import (
    COUNTED,
    EMPLOYER_SORTS,
    INDUSTRY_DETAILS,
    INDUSTRY_SORTS,
    MIN_RECORDS,
    RELOCATE_SORTS,
)
from mlroles.dataset.load import display_name, load
from mlroles.errors import UsageError, printable
from mlroles.matching import choose
from mlroles.money import CURRENCY_CODES, currency_code, parse_range
from mlroles.queries import compare as compare_query
from mlroles.queries import locations as locations_query
from mlroles.queries import offer as offer_query
from mlroles.queries import roles as role_queries
from mlroles.queries import salary as salary_query
from mlroles.queries.answer import Answer
from mlroles.queries.pay import BREAKDOWNS

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset


@command("Roles", "show", "show data engineer --format markdown")
@opt.output_options
def show(
    data: "Dataset",
    role: opt.RoleName = None,
    *,
    save: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Save the page with charts as an HTML document, .html."
        ),
    ] = None,
) -> Answer[Any]:
    """Show everything about a role on one page."""
    query = role_queries.show if save is None else role_queries.page
    return query(data, opt.role_name(role))


@command("Roles", "describe ds", "describe nlp engineer --json")
@opt.output_options
def describe(data: "Dataset", role: opt.RoleName = None) -> Answer[Any]:
    """Describe a role: what it is, its skills and applications."""
    return role_queries.describe(data, opt.role_name(role))


@command("Roles", "duties", "duties data engineer --format csv")
@opt.output_options
def duties(data: "Dataset", role: opt.RoleName = None) -> Answer[Any]:
    """List the duties of a role."""
    return role_queries.duties(data, opt.role_name(role))


@command("Roles", "faq", "faq ai engineer")
@opt.output_options
def faq(data: "Dataset", role: opt.RoleName = None) -> Answer[Any]:
    """Answer common questions about a role."""
    return role_queries.faq(data, opt.role_name(role))


@command("Roles", "roles", "roles --format csv")
@opt.output_options
def roles(data: "Dataset") -> Answer[Any]:
    """List the roles with their ids and aliases."""
    return role_queries.roles(data)


@command(
    "Pay",
    "salary data engineer --per month",
    "salary --by experience --year 2025 --chart",
)
@opt.output_options
@opt.chart_options
@opt.money_options(real=True)
@opt.filter_options()
@opt.location_option()
def salary(
    data: "Dataset",
    role: opt.RoleName = None,
    *,
    by: Annotated[
        str | None,
        opt.choice(
            "--by",
            "DIMENSION",
            [*BREAKDOWNS, salary_query.SENIORITY],
            "Break pay down by a dimension",
        ),
    ] = None,
    **options: Any,
) -> Answer[Any]:
    """Show what a role pays."""
    name = opt.role_name(role)
    if by is None:
        return salary_query.salary(data, name, **options)
    return salary_query.salary_by(data, by, name, **options)


@command("Pay", "compare --sort openings", "compare mle ds de --country canada")
@opt.output_options
@opt.chart_options
@opt.money_options(real=True)
@opt.filter_options()
@opt.order_options(compare_query.SORTS, default=None)
def compare(
    data: "Dataset",
    roles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ROLE]...",
            show_default="machine-learning-engineer and similar roles",
            autocompletion=completion.roles,
            help="Roles, as listed by 'mlroles roles'.",
        ),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Compare all roles.")] = False,
    **options: Any,
) -> Answer[Any]:
    """Compare roles side by side."""
    names = data.split_role_names(roles or ())
    return compare_query.compare(data, names, every=every, **options)


@command("Pay", "locations ds --match texas", "locations --level country --chart")
@opt.output_options
@opt.chart_options
@opt.money_options()
@opt.filter_options("Compare countries with this one, by code or name.", "US")
@opt.order_options(locations_query.SORTS, default="median")
@opt.match_option("places whose name or state contains TEXT", completion.places)
def locations(
    data: "Dataset",
    role: opt.RoleName = None,
    *,
    level: Annotated[
        str | None,
        opt.choice(
            "--level", "LEVEL", locations_query.LEVELS, "Show places of a level"
        ),
    ] = None,
    min_records: Annotated[
        int | None,
        typer.Option(metavar="N", help="Show only places with at least N records."),
    ] = None,
    **options: Any,
) -> Answer[Any]:
    """Rank places by pay: metro areas, states or countries."""
    options |= {"level": level, "min_records": min_records}
    return locations_query.locations(data, opt.role_name(role), **options)


@command("Pay", "employers ds --sort filings", "employers swe --location seattle")
@opt.output_options
@opt.chart_options
@opt.money_options()
@opt.order_options(EMPLOYER_SORTS, default="median")
@opt.occupation_option
@opt.match_option("employers whose name contains TEXT", completion.employers)
@opt.location_option("Use filings in a US metro area.")
def employers(
    data: "Dataset",
    role: opt.RoleName = None,
    *,
    by: Annotated[
        str,
        opt.choice("--by", "FILINGS", COUNTED, "Use filings by occupation or title"),
    ] = COUNTED[0],
    min_records: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            show_default="30",
            help="Show only employers with at least N filings, 10 or more.",
        ),
    ] = None,
    **options: Any,
) -> Answer[Any]:
    """Rank employers by the base pay that they state in H-1B filings."""
    from mlroles.queries import employers as query

    options |= {"by": by, "min_records": min_records}
    return query.employers(data, opt.role_name(role), **options)


@command("Pay", "industries ds", "industries swe --detail group --match software")
@opt.output_options
@opt.chart_options
@opt.money_options()
@opt.order_options(INDUSTRY_SORTS, default="median")
@opt.occupation_option
@opt.match_option(
    "industries whose name contains TEXT or whose NAICS code begins with it",
    completion.industries,
)
def industries(
    data: "Dataset",
    role: opt.RoleName = None,
    *,
    detail: Annotated[
        str,
        opt.choice("--detail", "LEVEL", INDUSTRY_DETAILS, "Show industries of a level"),
    ] = "sector",
    **options: Any,
) -> Answer[Any]:
    """Rank industries by pay."""
    from mlroles.queries import industries as query

    return query.industries(data, opt.role_name(role), detail=detail, **options)


AmountText: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="AMOUNT",
        help="150000, 150,000 or 150k, or a range, 150k-170k. Quote it if it contains "
        "a $.",
    ),
]


def _amount(
    data: "Dataset", text: str, words: list[str], currency: str | None
) -> tuple[float, float | None]:
    """Parse an amount; a currency after it is removed from the words of the role."""
    if words and words[0].upper() in CURRENCY_CODES:
        text = f"{text} {words.pop(0)}"
    code = data.currency if currency is None else currency
    return parse_range(text, currency_code(code))


@command(
    "Pay",
    "offer 150k --experience senior",
    "offer 172k ds --location austin",
    "offer 72.50 data engineer --per hour",
)
@opt.output_options
@opt.money_options()
@opt.filter_options()
@opt.location_option()
def offer(
    data: "Dataset",
    amount: AmountText,
    role: opt.RoleName = None,
    **options: Any,
) -> Answer[Any]:
    """Rank an offer among the pay of a role."""
    words = list(role or ())
    low, high = _amount(data, amount, words, options["currency"])
    return offer_query.offer(data, low, opt.role_name(words), high=high, **options)


@command(
    "Pay",
    "relocate 172k ds --from austin --to 'san francisco'",
    "relocate 60k-70k de --from germany --to austria --currency EUR",
    "relocate 172k ds --from austin --limit 10",
)
@opt.output_options
@opt.money_options()
@opt.order_options(RELOCATE_SORTS, default=None)
@opt.check_quotes("from_place", "to_places")
def relocate(
    data: "Dataset",
    amount: AmountText,
    role: opt.RoleName = None,
    *,
    from_place: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PLACE",
            autocompletion=completion.locations,
            help="Where the pay is: a US metro area, US state or country.",
        ),
    ],
    to_places: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="PLACE",
            show_default="all places where the role has figures",
            autocompletion=completion.locations,
            help="Another place. Repeatable.",
        ),
    ] = None,
    **options: Any,
) -> Answer[Any]:
    """Show what pay is worth in other places."""
    from mlroles.queries import relocate as query

    words = list(role or ())
    low, high = _amount(data, amount, words, options["currency"])
    return query.relocate(
        data,
        low,
        opt.role_name(words),
        from_place=from_place,
        to_places=to_places or (),
        high=high,
        **options,
    )


@command("Roles", "skills ds --limit 20", "skills --match python")
@opt.output_options
@opt.limit_option
@opt.match_option(
    "technologies whose name or category contains TEXT", completion.technologies
)
def skills(data: "Dataset", role: opt.RoleName = None, **options: Any) -> Answer[Any]:
    """List the technologies that a role uses, those in demand first."""
    from mlroles.queries import skills as query

    return query.skills(data, opt.role_name(role), **options)


@command("Roles", "outlook", "outlook data scientist --chart")
@opt.output_options
@opt.chart_options
def outlook(data: "Dataset", role: opt.RoleName = None) -> Answer[Any]:
    """Show projected growth, openings and job postings."""
    from mlroles.queries import outlook as query

    return query.outlook(data, opt.role_name(role))


@command("Data", "sources", "sources --json")
@opt.output_options
def sources(data: "Dataset") -> Answer[Any]:
    """List the sources of all figures."""
    return role_queries.sources(data)


@command("Data", "validate mine.json", "validate - < mine.json")
def validate(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A data set; - is standard input.")
    ],
) -> None:
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
)
def import_(
    context: typer.Context,
    records: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RECORDS...",
            help="CSV, TSV, JSON Lines or Parquet files, or patterns; - is standard "
            "input.",
        ),
    ] = None,
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The new data set; - is standard output. Required.",
        ),
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEADER=COLUMN",
            help="Read a column from another header. Repeatable.",
        ),
    ] = None,
    employment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            show_default="FT",
            help="Use records of an employment type, or 'all'. Repeatable.",
        ),
    ] = None,
    min_records: Annotated[
        int, typer.Option(metavar="N", help="Omit groups of fewer than N records.")
    ] = MIN_RECORDS,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail if any record is skipped.")
    ] = False,
    print_sql: Annotated[
        bool,
        typer.Option(
            "--print-sql",
            help="Print a statement that groups records in a database, instead of "
            "importing any.",
        ),
    ] = False,
    table: Annotated[
        str, typer.Option(metavar="NAME", help="The table of --print-sql.")
    ] = "records",
    aggregated: Annotated[
        bool,
        typer.Option(
            "--aggregated",
            help="RECORDS is a CSV file with the result of that statement.",
        ),
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Replace a file that is not a data set, or a link."
        ),
    ] = False,
    data_file: opt.DataFile = None,
) -> None:
    """Import pay records into a data set."""
    from mlroles.importer.command import import_files, print_statement

    console: Console = context.obj
    settings = (rename or [], employment or [], data_file)
    if print_sql:
        if records or output or aggregated:
            raise UsageError(
                "--print-sql takes no RECORDS, --output or --aggregated: it prints a "
                "statement to run where the records are."
            )
        console.write(print_statement(table, *settings, min_records), "utf-8")
        return
    with console.progress() as progress:
        text, notes = import_files(
            records or [],
            output,
            *settings,
            aggregated=aggregated,
            min_records=min_records,
            strict=strict,
            force=force,
            progress=progress,
        )
    if text:
        console.write(text, "utf-8")
    console.print_messages("note", *notes)


@command("Agents", "mcp", "mcp --data mine.json")
def mcp(context: typer.Context, *, data_file: opt.DataFile = None) -> None:
    """Answer the questions of AI agents over the Model Context Protocol."""
    from mlroles.cli.mcp import run

    console: Console = context.obj
    run(data_file, write=console.write)


@command("Help", "help json", "help exit-codes")
def help_(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOPIC]",
            autocompletion=completion.topics,
            help="A command, 'exit-codes', or 'json' for the keys of JSON answers.",
        ),
    ] = None,
    *,
    no_pager: opt.NoPager = False,
) -> None:
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
