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
