"""The command line: which commands there are, in the order that the help has."""

from typing import Annotated

import typer

import mlroles
from mlroles import cli_pay, cli_roles
from mlroles.terminal import Group, write

app = typer.Typer(
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    # Plain help and errors: they start fast, pipe well and suit every terminal.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


_ORIENTATION = """\
What machine learning roles do, what they pay, and how they compare.

  mlroles salary                      what a machine learning engineer earns
  mlroles compare --sort openings     the role beside its neighbours
  mlroles locations ds --match texas  where in Texas a data scientist earns more

'mlroles --help' lists all commands; --json makes any answer JSON.
"""


def _version(given: bool) -> None:  # noqa: FBT001 - as Typer calls it
    if given:
        write(f"mlroles {mlroles.__version__}\n")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say the version."
        ),
    ] = False,
) -> None:
    """What machine learning roles do, what they pay, and how they compare."""
    if context.invoked_subcommand is None:
        write(_ORIENTATION)


for command in (
    cli_roles.show,
    cli_roles.describe,
    cli_roles.duties,
    cli_pay.salary,
    cli_pay.compare,
    cli_pay.locations,
    cli_pay.offer,
    cli_roles.faq,
    cli_roles.roles,
    cli_roles.sources,
    cli_roles.validate,
    cli_roles.schema,
):
    app.command()(command)
app.command("import")(cli_roles.import_)
