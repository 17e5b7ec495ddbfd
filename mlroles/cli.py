"""The commands: each parses, asks for rows, and hands them to the renderer."""

from typing import Annotated

import typer

import mlroles
from mlroles import options as opt
from mlroles.names import find_role
from mlroles.terminal import Desk, Group, write

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    # Plain help and errors: they start fast, pipe well and suit every terminal.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _desk(style: str, data_file: str | None, *, as_json: bool) -> Desk:
    return Desk("json" if as_json else style, data_file)


def _name(words: list[str] | None) -> str | None:
    """A role's name, which may come as several words without quotes."""
    return " ".join(words) if words else None


def _version(given: bool) -> None:  # noqa: FBT001 - as Typer calls it
    if given:
        write(f"mlroles {mlroles.__version__}\n")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say the version."
        ),
    ] = False,
) -> None:
    """What machine learning roles do, what they pay, and how they compare."""


@app.command()
def show(
    role: opt.RoleName = None,
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """All of a role: description, duties, salary, similar roles, questions."""
    desk = _desk(style, data_file, as_json=as_json)
    found = find_role(desk.data, _name(role))["id"]
    desk.answer(mlroles.show(desk.data, found), "show", base=found)


@app.command()
def describe(
    role: opt.RoleName = None,
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role is, whom it works with, what it must know, where its work ends up."""
    desk = _desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.describe(desk.data, _name(role)), "describe")


@app.command()
def duties(
    role: opt.RoleName = None,
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role does."""
    desk = _desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.duties(desk.data, _name(role)), "duties")


@app.command()
def salary(
    role: opt.RoleName = None,
    per: opt.Per = "year",
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role earns."""
    desk = _desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.salary(desk.data, _name(role), per=per), "salary")


@app.command()
def compare(
    roles: opt.RoleNames = None,
    sort: opt.Sort = "salary",
    per: opt.Per = "year",
    limit: opt.Limit = None,
    style: opt.Format = "table",
    *,
    reverse: opt.Reverse = False,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Roles side by side; sort by salary, title, openings, median or records."""
    desk = _desk(style, data_file, as_json=as_json)
    names = roles or []
    rows = mlroles.compare(
        desk.data, names, sort=sort, reverse=reverse, limit=limit, per=per
    )
    base = find_role(desk.data, *names[:1])
    desk.answer(rows, "compare", base=base["id"])


@app.command()
def faq(
    role: opt.RoleName = None,
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Questions that people ask about a role."""
    desk = _desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.faq(desk.data, _name(role)), "faq")


@app.command()
def roles(
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """The roles it knows: id, title, aliases."""
    desk = _desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.roles(desk.data), "roles")


@app.command()
def sources(
    style: opt.Format = "table",
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Where every figure comes from, how old it is, and what it misses."""
    desk = _desk(style, data_file, as_json=as_json)
    desk.answer(mlroles.sources(desk.data), "sources")


@app.command()
def validate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A data set; - is standard input.")
    ],
) -> None:
    """Whether a data set is sound, and if not, every fault with its place."""
    data = mlroles.load(file)
    write(f"{file}: sound, {len(data['roles'])} roles\n")


@app.command()
def schema() -> None:
    """The JSON Schema of a data set."""
    import json  # noqa: PLC0415

    from mlroles.schema import json_schema  # noqa: PLC0415 - imports pydantic

    write(json.dumps(json_schema(), indent=2) + "\n")
