"""The commands about roles, and about the data set behind all answers."""

from typing import Annotated

import typer

import mlroles
from mlroles.cli import completion
from mlroles.cli import options as opt
from mlroles.cli.console import Desk, tell, write
from mlroles.dataset.load import shown
from mlroles.errors import printable
from mlroles.matching import find_role, one_of


def show(
    role: opt.RoleName = None,
    *,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """All of a role on one page."""
    desk = Desk(style, data_file, as_json=as_json)
    found = find_role(desk.data, opt.role_name(role))["id"]
    page = mlroles.show(desk.data, found, notify=tell)
    desk.answer(page, "show", base=found)


def describe(
    role: opt.RoleName = None,
    *,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role is, whom it works with and what it must know."""
    desk = Desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.describe(desk.data, opt.role_name(role)), "describe")


def duties(
    role: opt.RoleName = None,
    *,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role does."""
    desk = Desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.duties(desk.data, opt.role_name(role)), "duties")


def faq(
    role: opt.RoleName = None,
    *,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Questions that people ask about a role."""
    desk = Desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.faq(desk.data, opt.role_name(role)), "faq")


def roles(
    *,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """The roles it knows: id, title, aliases."""
    desk = Desk(style, data_file, as_json=as_json)
    default = desk.data["default_role"]
    desk.answer(mlroles.roles(desk.data), "roles", base=default)


def sources(
    *,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Where every figure comes from and how old it is."""
    desk = Desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.sources(desk.data), "sources")


def validate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A data set; - is standard input.")
    ],
) -> None:
    """Whether a data set is sound, or else every fault of it."""
    data = mlroles.load(file)
    write(f"{printable(shown(file))}: sound, {len(data['roles'])} roles\n")


def schema() -> None:
    """The JSON Schema of a data set."""
    import json

    from mlroles.dataset.schema import json_schema

    write(json.dumps(json_schema(), indent=2) + "\n")


def import_(
    records: Annotated[
        str, typer.Argument(metavar="RECORDS", help="A CSV, CSV.gz or Parquet file.")
    ],
    *,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="The new data set.")
    ],
    rename: Annotated[
        list[str] | None,
        typer.Option(
            metavar="THEIRS=OURS",
            help="What the records call a column of ours; repeatable.",
        ),
    ] = None,
    employment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE",
            help="An employment type that counts, or all; repeatable; left out: FT.",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace even a link or what is no data set."),
    ] = False,
    data_file: Annotated[
        str | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help="The data set whose survey is replaced; left out: $MLROLES_DATA, or "
            "the bundled one.",
        ),
    ] = None,
) -> None:
    """Pay records in, a data set with their figures out."""
    from mlroles.importer.command import run

    run(records, output, rename or [], employment or [], data_file, force=force)


def help_(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOPIC]",
            autocompletion=completion.topics,
            help="A command, exit-codes, or json for the keys.",
        ),
    ] = None,
) -> None:
    """Help on a command, the exit codes or the JSON keys."""
    from mlroles.cli.help_topics import TOPICS

    root = context.find_root()
    commands = getattr(root.command, "commands", {})
    if topic is None:
        write(root.get_help() + "\n")
    elif topic in TOPICS:
        write(TOPICS[topic]())
    else:
        command = commands[one_of(topic, [*TOPICS, *commands], "topic")]
        with typer.Context(command, parent=root, info_name=command.name) as asked:
            write(command.get_help(asked) + "\n")
