"""The options that several commands share, and the decorators that add them.

A decorator adds a group of options to a command, which receives their values as keyword
arguments. Typer reads the options from the signature that `build_signature` makes.
"""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import combinations
from typing import Annotated, Any, TypeAlias

import typer

from mlroles.cli import completion
from mlroles.cli.console import COLOR_CHOICES, Console
from mlroles.dataset.dimensions import EXPERIENCES, WORK_MODES
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.matching import as_list, choose
from mlroles.money import CURRENCY_CODES, PERIODS
from mlroles.output.formats import (
    FORMATS,
    MACHINE_FORMATS,
    TABLE,
    find_format,
    render,
)
from mlroles.output.layout import Layout
from mlroles.queries.answer import Answer, Filters

Command: TypeAlias = Callable[..., Any]
_HTML = ".html"
_KEYWORD = inspect.Parameter.KEYWORD_ONLY

RoleName: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]",
        show_default="machine-learning-engineer",
        autocompletion=completion.roles,
        help="The id, title or an alias of a role, or an unambiguous prefix.",
    ),
]
DataFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="FILE",
        envvar="MLROLES_DATA",
        show_envvar=True,
        show_default="the bundled data set",
        help="Use another data set; - is standard input.",
    ),
]
NoPager: TypeAlias = Annotated[
    bool, typer.Option("--no-pager", help="Do not show long output in a pager.")
]


def role_name(words: list[str] | None) -> str | None:
    """Join the words of a role's name, which need no quotes."""
    return " ".join(words) if words else None


def choice(name: str, metavar: str, choices: Iterable[str], text: str) -> Any:
    """Return an option whose value is one of several choices."""
    names = list(choices)
    return typer.Option(
        name,
        metavar=metavar,
        show_default=True,
        autocompletion=completion.words(*names),
        help=f"{text}: {', '.join(names)}.",
    )


def order_options(
    columns: Iterable[str], default: str | None
) -> Callable[[Command], Command]:
    """Add --sort, --reverse and --limit."""

    def options() -> list[inspect.Parameter]:
        sort = choice("--sort", "COLUMN", columns, "Sort by a column")
        text = "Reverse the order. Unknown values still come last."
        reverse = typer.Option("--reverse", "-r", help=text)
        return [
            _option("sort", str | None, sort, default),
            _option("reverse", bool, reverse, default=False),
            _limit(),
        ]

    return lambda command: _add_options(command, options)


def limit_option(command: Command) -> Command:
    """Add --limit."""
    return _add_options(command, lambda: [_limit()])


def _limit() -> inspect.Parameter:
    text = "Show only the first N rows."
    limit = typer.Option("--limit", "-n", metavar="N", help=text)
    return _option("limit", int | None, limit)


def filter_options(
    country_help: str = "Use pay records of a country, by code or name, or of 'all' "
    "countries.",
    country_default: str = "US, or all if it has too few records",
) -> Callable[[Command], Command]:
    """Add --year, --country, --experience and --work-mode, passed as `filters`."""

    def options() -> list[inspect.Parameter]:
        year = typer.Option(
            metavar="YEAR",
            show_default="the latest with enough records",
            help="Use pay records of a year.",
        )
        country = typer.Option(
            metavar="COUNTRY",
            show_default=country_default,
            autocompletion=completion.countries,
            help=country_help,
        )
        text = "Use pay records of a level"
        experience = choice("--experience", "LEVEL", EXPERIENCES, text)
        text = "Use pay records of a work mode"
        work_mode = choice("--work-mode", "MODE", WORK_MODES, text)
        return [
            _option("year", int | None, year),
            _option("country", str | None, country),
            _option("experience", str | None, experience),
            _option("work_mode", str | None, work_mode),
        ]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_filters(*args: Any, **values: Any) -> Any:
            filters = Filters(*(values.pop(name) for name in Filters._fields))
            return command(*args, filters=filters, **values)

        return _add_options(with_filters, options)

    return decorate


def match_option(
    what: str, complete: Callable[..., Any]
) -> Callable[[Command], Command]:
    """Add --match; `what` is what it shows: places whose name contains TEXT."""

    def options() -> list[inspect.Parameter]:
        match = typer.Option(
            metavar="TEXT",
            autocompletion=complete,
            help=f"Show only {what}. Repeatable.",
        )
        return [_option("match", list[str] | None, match)]

    return lambda command: _add_options(command, options)


def location_option(
    text: str = "Use the figures of a US metro area, US state or country.",
) -> Callable[[Command], Command]:
    """Add --location; if its name was not quoted, say so."""

    def options() -> list[inspect.Parameter]:
        location = typer.Option(
            metavar="PLACE", autocompletion=completion.locations, help=text
        )
        return [_option("location", str | None, location)]

    return lambda command: _add_options(check_quotes("location")(command), options)


def check_quotes(*names: str) -> Callable[[Command], Command]:
    """Report places that are not quoted; `names` are the parameters with places.

    In `--to san francisco`, the second word is an argument.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def checked(data: Any, **values: Any) -> Any:
            try:
                return command(data, **values)
            except UsageError:
                words = [values.get("amount"), *(values.get("role") or ())]
                for name in names:
                    for first in as_list(values.get(name)):
                        _check_quoted(data, first, [each for each in words if each])
                raise

        return checked

    return decorate


def _check_quoted(data: Any, first: str, words: list[str]) -> None:
    """Raise an error if words that follow the first one complete it to a place."""
    spans = sorted(combinations(range(len(words) + 1), 2), key=lambda s: s[0] - s[1])
    # The longest first: "salt lake city", not "salt lake".
    for start, end in spans:
        full = " ".join([first, *words[start:end]])
        # A role after a place that cannot be used for another reason.
        if data.is_role_name(" ".join(words[start:end])):
            continue
        try:
            place = data.places.find(full)
        except UsageError:
            continue
        raise UsageError(
            f"a place of several words must be quoted. Did you mean {full!r} "
            f"({place.short_name})?",
            suggestions=[full],
        ) from None


def money_options(*, real: bool = False) -> Callable[[Command], Command]:
    """Add --per, --currency and, with `real`, --real."""

    def options() -> list[inspect.Parameter]:
        per = choice("--per", "PERIOD", PERIODS, "Show pay per period")
        currency = typer.Option(
            metavar="CODE",
            show_default="that of the data set, USD",
            autocompletion=completion.words(*CURRENCY_CODES),
            help="Convert amounts at the mean exchange rate of their year.",
        )
        text = "Show pay in prices of the latest month of the consumer price index."
        added = [
            _option("real", bool, typer.Option("--real", help=text), default=False)
        ]
        return [
            _option("per", str, per, "year"),
            _option("currency", str | None, currency),
            *(added if real else ()),
        ]

    return lambda command: _add_options(command, options)


def occupation_option(command: Command) -> Command:
    """Add --occupation."""

    def options() -> list[inspect.Parameter]:
        occupation = typer.Option(
            metavar="OCCUPATION",
            show_default="the one in which most sources of O*NET list the role",
            autocompletion=completion.occupations,
            help="Use another official occupation that lists the role, by its code, "
            "its title or a part of it.",
        )
        return [_option("occupation", str | None, occupation)]

    return _add_options(command, options)


def chart_options(command: Command) -> Command:
    """Add --chart and --save-chart, for `output_options`."""
    text = (
        "Save the chart as a picture, .png, .svg or .pdf, instead of printing the "
        "answer."
    )

    def options() -> list[inspect.Parameter]:
        chart = typer.Option("--chart", help="Draw a chart instead of a table.")
        save_chart = typer.Option(metavar="FILE", help=text)
        return [
            _option("chart", bool, chart, default=False),
            _option("save_chart", str | None, save_chart),
        ]

    return _add_options(command, options)


def output_options(query: Callable[..., Answer[Any]]) -> Command:
    """Add the options of the output, and --data; load the data set, print the answer.

    The decorated function takes the data set first and returns an Answer.
    """

    def options() -> list[inspect.Parameter]:
        style = typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            envvar="MLROLES_FORMAT",
            show_envvar=True,
            show_default=True,
            autocompletion=completion.formats,
            help=f"Output format: {', '.join(FORMATS)}.",
        )
        as_json = typer.Option("--json", help="Same as --format json.")
        fields = typer.Option(
            metavar="KEY,...",
            show_default="all keys, or the usual columns",
            autocompletion=completion.fields,
            help="Show only these fields, in this order; see 'mlroles help json'.",
        )
        color = choice("--color", "WHEN", COLOR_CHOICES, "Use colors")
        return [
            _option("style", str, style, TABLE),
            _option("as_json", bool, as_json, default=False),
            _option("fields", str | None, fields),
            _option("color", str, color, "auto"),
            inspect.Parameter("no_pager", _KEYWORD, default=False, annotation=NoPager),
            inspect.Parameter("data_file", _KEYWORD, default=None, annotation=DataFile),
            inspect.Parameter("context", _KEYWORD, annotation=typer.Context),
        ]

    @wraps(query)
    def command(
        context: typer.Context,
        style: str,
        data_file: str | None,
        *,
        as_json: bool,
        fields: str | None,
        color: str,
        no_pager: bool,
        chart: bool = False,
        save_chart: str | None = None,
        **values: Any,
    ) -> None:
        chart = chart or save_chart is not None
        save: str | None = values.get("save")
        drawn = "a page" if save is not None else "a chart" if chart else ""
        style = _find_style(context, style, as_json=as_json, drawn=drawn)
        color = choose(color, COLOR_CHOICES, "color setting")
        if save is not None and not save.lower().endswith(_HTML):
            raise UsageError(f"--save: FILE must end in {_HTML}.")
        if save_chart is not None:
            from mlroles.output.plots import format_of

            format_of(save_chart)
        if drawn and fields is not None:
            raise UsageError(f"--fields and {drawn} cannot be combined.")
        answer = query(load(data_file), **values)
        if fields is not None:
            from mlroles.output.fields import choose_fields

            answer = choose_fields(answer, fields, style)
        console: Console = context.obj
        console.print_messages("note", *answer.notes)
        if save_chart is not None:
            console.print_messages("note", *_save_chart(answer, save_chart))
            return
        if save is not None:
            console.print_messages("note", _save_page(answer, save))
            return
        if style in MACHINE_FORMATS:
            # UTF-8, whatever the encoding of the terminal.
            console.write(render(answer, style, Layout()), "utf-8")
        else:
            colors = console.shows_color(color)
            layout = Layout(console.width, console.unicode, colors, chart)
            write = console.write if no_pager else console.page
            write(render(answer, style, layout))

    return _add_options(command, options)


def _find_style(
    context: typer.Context, style: str, *, as_json: bool, drawn: str
) -> str:
    """Return the output format; options take precedence over the environment."""
    source = context.get_parameter_source("style")
    given = source.name if source else "DEFAULT"
    if as_json:
        if given == "COMMANDLINE" and style.casefold() != "json":
            raise UsageError(f"--json and --format {style} cannot be combined.")
        style = "json"
    elif drawn and given == "ENVIRONMENT":
        style = TABLE
    try:
        found = find_format(style)
    except UsageError as error:
        name = "MLROLES_FORMAT" if given == "ENVIRONMENT" else "--format"
        raise UsageError(
            f"{name}: ",
            *error.messages,
            argument=error.argument,
            suggestions=error.suggestions,
        ) from None
    if drawn and found != TABLE:
        raise UsageError(f"{drawn} cannot be written as {found}.")
    return found


def _save_chart(answer: Answer[Any], file: str) -> list[str]:
    """Save the chart of an answer as a picture; return notes on what was done."""
    from mlroles.dataset.write import check_target, write_file
    from mlroles.output.plots import draw, format_of, is_picture

    style = format_of(file)
    article = "a" if style.startswith("p") else "an"
    check_target(file, f"{article} {style.upper()} picture", is_picture)
    picture = draw(answer, style)
    if picture is None:
        return [f"nothing to draw; {file} was not changed"]
    write_file(file, picture.content)
    return [*picture.notes, f"wrote {file}"]


def _save_page(answer: Answer[Any], file: str) -> str:
    """Save the page of a role as an HTML document; return a note on what was done."""
    from mlroles.dataset.write import check_target, write_file
    from mlroles.output.html import document, is_document

    check_target(file, "a page of mlroles", is_document)
    write_file(file, document(answer))
    return f"wrote {file}"


def _option(name: str, kind: Any, info: Any, default: Any = None) -> inspect.Parameter:
    annotation = Annotated[kind, info]
    return inspect.Parameter(name, _KEYWORD, default=default, annotation=annotation)


def _add_options(
    command: Command, options: Callable[[], list[inspect.Parameter]]
) -> Command:
    """Add options to those that the decorators below have added."""
    vars(command)["options"] = [*vars(command).get("options", []), options]
    return command


def build_signature(command: Command) -> Command:
    """Give a command the signature with all its options.

    This takes time, and most runs need it for one command only.
    """
    own = inspect.signature(inspect.unwrap(command)).parameters.values()
    # The parameters of a query that are not options: the data set and **options.
    names = {"data", "options"} if "options" in vars(command) else set()
    parameters = [
        parameter.replace(kind=_KEYWORD)
        for parameter in own
        if parameter.name not in names
    ]
    for options in vars(command).get("options", []):
        parameters += options()
    vars(command)["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command
