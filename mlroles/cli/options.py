"""The arguments and options that commands share: one name, one meaning."""

from typing import Annotated, TypeAlias

import typer

from mlroles.cli import completion
from mlroles.dataset import dimensions as layout
from mlroles.errors import UsageError
from mlroles.queries import locations as places
from mlroles.queries import pay as survey
from mlroles.queries import rows
from mlroles.queries.compare import SORTS as ROLE_SORTS

SVG = ".svg"
_OTHER_PICTURES = (".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp", ".html", ".txt")

RoleName: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]",
        show_default=False,
        autocompletion=completion.roles,
        help="A role's id, title or alias, or the beginning of one; left out: the "
        "default role.",
    ),
]
RoleNames: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]...",
        show_default=False,
        autocompletion=completion.roles,
        help="Roles as 'mlroles roles' lists them; left out: the default role and "
        "its similar ones.",
    ),
]
RoleSort: TypeAlias = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="COLUMN",
        autocompletion=completion.words(*ROLE_SORTS),
        help=f"{', '.join(ROLE_SORTS)}: numbers largest first, unknown last.",
        show_default=True,
    ),
]
PlaceSort: TypeAlias = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="COLUMN",
        autocompletion=completion.words(*places.SORTS),
        help=f"{', '.join(places.SORTS)}: numbers largest first, unknown last.",
        show_default=True,
    ),
]
By: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="WHAT",
        autocompletion=completion.words(*survey.DIMENSIONS),
        help=f"A row for each {', '.join(survey.DIMENSIONS[:-1])} or "
        f"{survey.DIMENSIONS[-1]}.",
    ),
]
Level: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--level",
        metavar="LEVEL",
        autocompletion=completion.words(*places.LEVELS),
        help=f"{', '.join(places.LEVELS)}; left out: the finest that the role has.",
    ),
]
Match: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--match",
        metavar="TEXT",
        autocompletion=completion.places,
        help="Only places whose name or state has this in it.",
    ),
]
MinRecords: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--min-records", metavar="N", help="Only places with N records or more."
    ),
]
Reverse: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--reverse", "-r", help="Smallest first, or Z to A; unknown still last."
    ),
]
Limit: TypeAlias = Annotated[
    int | None,
    typer.Option("--limit", "-n", metavar="N", help="Only the first N rows."),
]
Per: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="PERIOD",
        autocompletion=completion.words(*rows.PERIODS),
        help="Pay per year, month, week or hour.",
        show_default=True,
    ),
]
Year: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="YEAR",
        help="Survey records of this year; left out: the latest that has enough.",
    ),
]
Country: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="COUNTRY",
        autocompletion=completion.countries,
        help="Survey records of this country, by code or name, or all; left out: US, "
        "or all where it has too few.",
    ),
]
BaseCountry: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="COUNTRY",
        autocompletion=completion.countries,
        help="The country that the others are compared with, by code or name; left "
        "out: US.",
    ),
]
Experience: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--experience",
        metavar="LEVEL",
        autocompletion=completion.words(*layout.EXPERIENCES),
        help="Survey records of entry, mid, senior or executive level.",
    ),
]
WorkMode: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--work-mode",
        metavar="MODE",
        autocompletion=completion.words(*layout.WORK_MODES),
        help="Survey records of on-site, hybrid or remote work.",
    ),
]
Chart: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--chart", help="Draw it; with a name that ends in .svg, into that file."
    ),
]
Format: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        autocompletion=completion.formats,
        help="table, json, jsonl, csv, tsv, markdown, or one of tabulate's; "
        "left out: $MLROLES_FORMAT, or table.",
    ),
]


Json: TypeAlias = Annotated[
    bool,
    typer.Option("--json", help="Short for --format json."),
]
DataFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="FILE",
        help="Another data set, - for standard input; left out: $MLROLES_DATA, "
        "or the bundled one.",
    ),
]


def role_name(words: list[str] | None) -> str | None:
    """A role's name, which may come as several words without quotes."""
    return " ".join(words) if words else None


def split_svg(words: list[str] | None, *, chart: bool) -> tuple[list[str], str | None]:
    """The words without the file of `--chart FILE.svg`, and that file.

    The option's value may be left out, so that a file's name comes among the roles.

    Raises:
        UsageError: There are several files, or one of another kind.
    """
    given = words or []
    endings = (SVG, *_OTHER_PICTURES) if chart else ()
    files = [word for word in given if word.lower().endswith(endings)]
    if len(files) > 1 or not all(file.lower().endswith(SVG) for file in files):
        raise UsageError(f"--chart writes one file, whose name ends in {SVG}")
    return [word for word in given if word not in files], next(iter(files), None)
