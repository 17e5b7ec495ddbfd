"""The arguments and options that commands share: one name, one meaning."""

from typing import Annotated, TypeAlias

import typer

RoleName: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]",
        show_default=False,
        help="A role's id, title or alias; left out: the default role.",
    ),
]
RoleNames: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ROLE]...",
        show_default=False,
        help="Ids, titles or aliases; none: the default role and its similar ones.",
    ),
]
Sort: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="COLUMN",
        help="Numbers largest first, text A to Z, unknown last.",
        show_default=True,
    ),
]
Reverse: TypeAlias = Annotated[
    bool, typer.Option("--reverse", "-r", help="The other way round.")
]
Limit: TypeAlias = Annotated[
    int | None,
    typer.Option("--limit", "-n", metavar="N", help="Only the first N rows."),
]
Per: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="PERIOD", help="Pay per year, month, week or hour.", show_default=True
    ),
]
Year: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--year", metavar="YEAR", help="Survey: this year, not the latest that serves."
    ),
]
Country: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="COUNTRY",
        help="Survey: a code or a name, or all for the world.",
    ),
]
Experience: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--experience",
        metavar="LEVEL",
        help="Survey: entry, mid, senior or executive.",
    ),
]
WorkMode: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--work-mode", metavar="MODE", help="Survey: on-site, hybrid or remote."
    ),
]
Format: TypeAlias = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        envvar="MLROLES_FORMAT",
        help="table, json, jsonl, csv, tsv, markdown, or one of tabulate's.",
        show_default=True,
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
        envvar="MLROLES_DATA",
        show_envvar=True,
        help="Another data set; - reads it from standard input.",
    ),
]


def role_name(words: list[str] | None) -> str | None:
    """A role's name, which may come as several words without quotes."""
    return " ".join(words) if words else None
