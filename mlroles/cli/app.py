"""The command line: which commands there are, in the order that the help has."""

from collections.abc import Callable
from typing import Annotated

import typer

import mlroles
from mlroles.cli import commands as cli_pay
from mlroles.cli import commands_roles as cli_roles
from mlroles.cli.console import Group, write

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
            "--version",
            callback=_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """What machine learning roles do, what they pay, and how they compare."""
    if context.invoked_subcommand is None:
        write(_ORIENTATION)


# In the order of the help, each with two examples that the tests run.
COMMANDS: dict[str, tuple[Callable[..., None], str, str]] = {
    "show": (cli_roles.show, "show", "show data engineer --format markdown"),
    "describe": (cli_roles.describe, "describe ds", "describe nlp engineer --json"),
    "duties": (cli_roles.duties, "duties", "duties data engineer --format csv"),
    "salary": (
        cli_pay.salary,
        "salary data engineer --per month",
        "salary --by experience --year 2025 --chart",
    ),
    "compare": (
        cli_pay.compare,
        "compare --sort openings",
        "compare mle ds de --country canada",
    ),
    "locations": (
        cli_pay.locations,
        "locations ds --match texas",
        "locations --level country --chart",
    ),
    "offer": (
        cli_pay.offer,
        "offer 150k --experience senior",
        "offer 72.50 data engineer --per hour",
    ),
    "faq": (cli_roles.faq, "faq", "faq ai engineer"),
    "roles": (cli_roles.roles, "roles", "roles --format csv"),
    "sources": (cli_roles.sources, "sources", "sources --json"),
    "validate": (cli_roles.validate, "validate mine.json", "validate - < mine.json"),
    "schema": (cli_roles.schema, "schema", "schema > schema.json"),
    "import": (
        cli_roles.import_,
        "import records.csv --output mine.json",
        "import pay.parquet -o mine.json --rename pay=salary_in_usd",
    ),
    "help": (cli_roles.help_, "help json", "help exit-codes"),
}
for name, (command, *examples) in COMMANDS.items():
    lines = "\n".join(f"  mlroles {example}" for example in examples)
    app.command(name, epilog=f"\b\nExamples:\n{lines}")(command)
