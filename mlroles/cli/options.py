"""The options of the commands, as data.

Each command lists its options (see `mlroles.cli.registry`). Typer reads them from a
signature; tools for agents have those that are part of a question.
"""

# Without `from __future__ import annotations`, as `mlroles.queries.answer`.
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import typer

from mlroles.cli import completion
from mlroles.cli.console import COLOR_CHOICES
from mlroles.dataset.dimensions import EXPERIENCES, WORK_MODES
from mlroles.errors import Argument, UsageError, quoted
from mlroles.money import CURRENCY_CODES, PERIODS
from mlroles.output.formats import FORMATS, MACHINE_FORMATS, TABLE
from mlroles.queries.answer import Filters

REQUIRED = ...
"""The default of an option that has none; Typer and pydantic read it as well."""


class Option(NamedTuple):
    """An option of a command, or an argument if it has no flags."""

    name: str
    """The keyword argument that receives its value."""
    flags: str
    """The long flag, then the short one: "--limit -n"."""
    help: str
    """What it is, for people and agents."""
    kind: Any = str | None
    """The type of its value."""
    default: Any = None
    metavar: str | None = None
    shown_default: str | None = None
    """What the default is, where its value does not say it."""
    choices: tuple[str, ...] = ()
    """All values, which complete the command line."""
    complete: Callable[..., Any] | None = None
    """The completion of an option without choices."""
    envvar: str | None = None
    words: bool = False
    """Whether the value is typed as several words, which need no quotes."""
    parse: Callable[[str], Any] | None = None
    """Reads what is typed, if its type does not."""
    cli: str = ""
    """What follows the help on the command line only."""

    @property
    def argument(self) -> str:
        """Its name as an argument of a tool: that of its long flag, if it has one."""
        return _argument(self.flags) or self.name


def flag(flags: str, text: str) -> Option:
    """Return an option without a value."""
    return Option(_argument(flags), flags, text, bool, default=False)


def choice(
    flags: str, metavar: str, choices: Iterable[str], text: str, default: Any = None
) -> Option:
    """Return an option whose value is one of several choices, which its help lists."""
    names = tuple(choices)
    return Option(
        _argument(flags),
        flags,
        text,
        str | None if default is None else str,
        default,
        metavar,
        choices=names,
        # A schema lists them itself.
        cli=f": {', '.join(names)}.",
    )


def _argument(flags: str) -> str:
    return flags.partition(" ")[0].removeprefix("--").replace("-", "_")


def match(what: str, complete: Callable[..., Any]) -> Option:
    """Return --match; `what` is what it shows: "places whose name contains TEXT"."""
    return Option(
        "match",
        "--match",
        f"Show only {what}.",
        list[str] | None,
        metavar="TEXT",
        complete=complete,
        cli=" Repeatable.",
    )


def order(columns: Iterable[str], default: str | None = None) -> list[Option]:
    """Return --sort, --reverse and --limit."""
    sort = choice("--sort", "COLUMN", columns, "Sort by a column")
    # None keeps the order of the rows.
    return [sort._replace(default=default), REVERSE, LIMIT]


ROLE = Option(
    "role",
    "",
    "A role, with a place, a level or a work mode, in any order",
    metavar="[WORDS]",
    shown_default="machine-learning-engineer",
    complete=completion.asked,
    words=True,
    cli=": see 'mlroles help words'.",
)
AMOUNT = Option(
    "amount",
    "",
    "150000, 150,000 or 150k, or a range, 150k-170k.",
    str,
    REQUIRED,
    "AMOUNT",
    complete=completion.asked,
    cli=" Quote it if it contains a $.",
)
LOCATION = Option(
    "location",
    "--location",
    "Use the figures of a US metro area, US state or country.",
    metavar="PLACE",
    complete=completion.locations,
)
OCCUPATION = Option(
    "occupation",
    "--occupation",
    "Use another official occupation that lists the role, by its code, its title or a "
    "part of it.",
    metavar="OCCUPATION",
    shown_default="the one in which most sources of O*NET list the role",
    complete=completion.occupations,
)
MIN_RECORDS = Option(
    "min_records",
    "--min-records",
    "Show only places with at least N records.",
    int | None,
    metavar="N",
)
REVERSE = flag("--reverse -r", "Reverse the order. Unknown values still come last.")
ALL_ROWS = 10**15 - 1
"""The limit of `all`: the largest number that can be given."""


def _limit(text: str) -> int:
    """Return a number of rows, from a number or `all`."""
    if text.casefold() == "all":
        return ALL_ROWS
    try:
        return int(text)
    except ValueError:
        raise UsageError(
            Argument("limit"),
            f" must be a number or all, not {quoted(text)}.",
            argument="limit",
        ) from None


LIMIT = Option(
    "limit",
    "--limit -n",
    "Show only the first N rows, or all.",
    int | None,
    metavar="N",
    shown_default="10 for people, all in JSON, JSON Lines, CSV and TSV",
    parse=_limit,
)

YEAR = Option(
    "year",
    "--year",
    "Use pay records of a year.",
    int | None,
    metavar="YEAR",
    shown_default="the latest with enough records",
)
COUNTRY = Option(
    "country",
    "--country",
    "Use pay records of a country, by code or name, or of 'all' countries.",
    metavar="COUNTRY",
    shown_default="US, or all if it has too few records",
    complete=completion.countries,
)
EXPERIENCE = choice("--experience", "LEVEL", EXPERIENCES, "Use pay records of a level")
WORK_MODE = choice("--work-mode", "MODE", WORK_MODES, "Use pay records of a work mode")
# The fields of `Filters`: see `with_filters`.
FILTERS = [YEAR, COUNTRY, EXPERIENCE, WORK_MODE]

MONEY = [
    choice("--per", "PERIOD", PERIODS, "Show pay per period", "year"),
    Option(
        "currency",
        "--currency",
        "Convert amounts at the mean exchange rate of their year.",
        metavar="CODE",
        shown_default="that of the data set, USD",
        choices=tuple(CURRENCY_CODES),
    ),
]
REAL = flag(
    "--real", "Show pay in prices of the latest month of the consumer price index."
)

DATA = Option(
    "data_file",
    "--data",
    "Use another data set; - is standard input.",
    metavar="FILE",
    shown_default="the bundled data set",
    envvar="MLROLES_DATA",
)
PICTURES = ("png", "svg", "pdf")
# The extensions of files, and the formats that they choose.
EXTENSIONS = {
    **{name: name for name in MACHINE_FORMATS},
    "md": "markdown",
    "html": "html",
    "txt": TABLE,
    **{name: name for name in PICTURES},
}
NO_PAGER = flag("--no-pager", "Do not show long output in a pager.")
# The options of the presentation, which `mlroles.cli.present` reads.
CHART = flag("--chart", "Draw a chart instead of a table.")
DETAILS = flag("--details", "Say how figures were made, and why they differ.")
SECTIONS = Option(
    "sections",
    "--sections",
    "Add sections to a page that is written as HTML, or all: salary, locations, "
    "compare, employers, industries, skills, outlook, faq, sources.",
    metavar="NAME,...",
    shown_default="one printed page",
)
OUTPUT = [
    choice("--format", "NAME", FORMATS, "Output format", TABLE)._replace(
        name="style", flags="--format -f", envvar="MLROLES_FORMAT"
    ),
    flag("--json", "Same as --format json.")._replace(name="as_json"),
    Option(
        "file",
        "--output -o",
        "Write the answer to a file, in the format of its extension: "
        f"{', '.join(f'.{each}' for each in EXTENSIONS)}. - is standard output.",
        metavar="FILE",
    ),
    flag("--force", "Replace any existing file."),
    Option(
        "fields",
        "--fields",
        "Show only these fields, in this order; see 'mlroles help json'.",
        metavar="KEY,...",
        shown_default="all keys, or the usual columns",
        complete=completion.fields,
    ),
    flag("--fail-empty", "Exit with code 3 if the answer is empty."),
    choice("--color", "WHEN", COLOR_CHOICES, "Use colors", "auto"),
    DETAILS,
    NO_PAGER,
    DATA,
]


def with_filters(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of options with those of FILTERS as one, `filters`."""
    kept = {key: values[key] for key in values if key not in Filters._fields}
    return {**kept, "filters": Filters(*(values[key] for key in Filters._fields))}


def signature(options: Sequence[Option], *, completes: bool) -> inspect.Signature:
    """Return the signature from which Typer makes options; the context comes first.

    Args:
        options: The options of a command.
        completes: Whether a shell asks for completions. Typer takes milliseconds to
            prepare them.
    """
    keyword = inspect.Parameter.KEYWORD_ONLY
    context = inspect.Parameter("context", keyword, annotation=typer.Context)
    return inspect.Signature(
        [context, *(_parameter(option, completes=completes) for option in options)]
    )


def _parameter(option: Option, *, completes: bool) -> inspect.Parameter:
    complete = option.complete
    if option.choices:
        complete = completion.words(*option.choices)
    if not completes:
        complete = None
    declare: Any = typer.Option if option.flags else typer.Argument
    declared = declare(
        option.default,
        *option.flags.split(),
        help=f"{option.help}{option.cli}",
        metavar=option.metavar,
        show_default=option.shown_default or True,
        envvar=option.envvar,
        autocompletion=complete and completion.safe(complete),
        parser=option.parse,
    )
    kind = list[str] | None if option.words else option.kind
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(option.name, keyword, default=declared, annotation=kind)
