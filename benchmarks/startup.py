"""Benchmark whole runs of the command against comparable programs.

    python benchmarks/startup.py --rounds 25 --env /tmp/peers

Each program, including this checkout, is installed into its own virtual environment.
The commands run in turn, round after round, so that other load on the machine affects
all of them equally. The results are medians.

The programs: norwegianblue, a lookup tool with bundled data; sqlite-utils and csvkit,
which sort and print the same seven rows; a script that does so with pandas; an app of
two commands on the same version of Typer, with rich (the default) and without it (as in
this project); and Python, which does nothing.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import closing
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from tabulate import tabulate

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("norwegianblue", "sqlite-utils", "csvkit", "pandas")
COLUMNS = ("title", "openings", "average_salary", "median", "records")
PYTHON, NORWEGIANBLUE = "python -c pass", "eol norwegianblue"
TYPER, TYPER_HELP = "Typer app", "Typer app --help"
REFERENCES = (PYTHON, TYPER, TYPER_HELP, NORWEGIANBLUE)
FEWEST_ROUNDS = 15
LOOKUPS = (
    "salary --json", "salary", "compare --sort openings", "show ds", "locations ds",
    "salary ds seattle", "offer 185k ds --location austin",
    "compare mle vs ds in seattle", "relocate 172k ds from austin to sf", "--help",
)  # fmt: skip

TYPER_APP = '''\
import typer

app = typer.Typer({settings})


@app.command()
def hello(name: str = "world") -> None:
    """Say hello."""
    typer.echo(f"hello {{name}}")


@app.command()
def goodbye(name: str = "world") -> None:
    """Say goodbye."""
    typer.echo(f"goodbye {{name}}")


if __name__ == "__main__":
    app()
'''
PLAIN = "rich_markup_mode=None, pretty_exceptions_enable=False"
PANDAS_SCRIPT = """\
import sys

import pandas as pd

rows = pd.read_csv(sys.argv[1]).sort_values("openings", ascending=False)
print(rows.to_string(index=False))
"""
QUERY = "select * from roles order by openings desc"
COMPLETION = {
    "_MLROLES_COMPLETE": "complete_bash",
    "COMP_WORDS": "mlroles salary ma",
    "COMP_CWORD": "2",
}


class Command(NamedTuple):
    """A command line: its stages, joined by pipes, and extra environment variables."""

    name: str
    stages: list[list[str]]
    env: Mapping[str, str] = MappingProxyType({})


def main(
    rounds: Annotated[
        int, typer.Option(min=FEWEST_ROUNDS, help="The number of rounds.")
    ] = 25,
    env: Annotated[
        Path | None, typer.Option(help="The directory to install the programs in.")
    ] = None,
) -> None:
    """Time whole runs of mlroles and of comparable programs."""
    with tempfile.TemporaryDirectory(prefix="mlroles-startup-") as name:
        folder = Path(name)
        homes = installed(env or folder)
        environment = own_environment(folder)
        times = measured(commands(homes, folder, environment), rounds, environment)
    medians = {name: median(taken) for name, taken in times.items()}
    print(f"{rounds} rounds, Python {sys.version.split()[0]}\n")
    print(table(medians))


def installed(folder: Path) -> dict[str, Path]:
    """Install the programs and return the directory of the commands of each."""
    homes = {}
    for name, what in [("mlroles", str(ROOT)), *((peer, peer) for peer in PEERS)]:
        home = folder.absolute() / name
        if not home.exists():
            venv.create(home, symlinks=True, with_pip=True)
        homes[name] = home / "bin"
        print(f"installing {name}", file=sys.stderr)
        pip = [str(homes[name] / "python"), "-m", "pip", "install", "--quiet", what]
        subprocess.run(pip, check=True)
    return homes


def own_environment(folder: Path) -> dict[str, str]:
    """Return the environment variables without the settings of the user."""
    foreign = ("MLROLES_", "PYTHON", "_TYPER")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    # Norwegianblue clears its cache at exit, which must not be that of the user.
    home = str(folder / "home")
    return {**kept, "HOME": home, "XDG_CACHE_HOME": home, "LC_ALL": "C.UTF-8"}


def commands(
    homes: dict[str, Path], folder: Path, environment: dict[str, str]
) -> list[Command]:
    """Return the commands to compare, the references first."""
    own, python = str(homes["mlroles"] / "mlroles"), str(homes["mlroles"] / "python")
    app = written(folder / "two_commands.py", TYPER_APP.format(settings=PLAIN))
    rich = written(folder / "two_commands_rich.py", TYPER_APP.format(settings=""))
    eol = str(homes["norwegianblue"] / "eol")
    return [
        Command(PYTHON, [[python, "-c", "pass"]]),
        Command(TYPER, [[python, app, "hello"]]),
        Command(NORWEGIANBLUE, [[eol, "norwegianblue"]]),
        Command("Typer app with rich", [[python, rich, "hello"]]),
        Command(TYPER_HELP, [[python, app, "--help"]]),
        Command("Typer app with rich --help", [[python, rich, "--help"]]),
        *(Command(f"mlroles {line}", [[own, *line.split()]]) for line in LOOKUPS),
        Command("mlroles completion of a role", [[own]], COMPLETION),
        *scripted(homes, folder, written_rows(own, folder, environment)),
    ]


def scripted(homes: dict[str, Path], folder: Path, rows: Path) -> list[Command]:
    """Return other ways to sort and print the seven rows."""
    sqlite_utils = str(homes["sqlite-utils"] / "sqlite-utils")
    csvsort, csvlook = (str(homes["csvkit"] / name) for name in ("csvsort", "csvlook"))
    python = str(homes["pandas"] / "python")
    script = written(folder / "rows.py", PANDAS_SCRIPT)
    database = str(rows.with_suffix(".db"))
    return [
        Command("sqlite-utils", [[sqlite_utils, database, QUERY, "--table"]]),
        Command(
            "csvsort | csvlook",
            [[csvsort, "-c", "openings", "-r", str(rows)], [csvlook]],
        ),
        Command("pandas script", [[python, script, str(rows)]]),
    ]


def written(path: Path, text: str) -> str:
    """Write a script and return its path."""
    path.write_text(text, "utf-8")
    return str(path)


def written_rows(own: str, folder: Path, environment: dict[str, str]) -> Path:
    """Write the rows of `mlroles compare` to a CSV file and a database."""
    answer = subprocess.run(
        [own, "compare", "--json"], check=True, env=environment, stdout=subprocess.PIPE
    )
    rows = [[row[key] for key in COLUMNS] for row in json.loads(answer.stdout)]
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    with closing(sqlite3.connect(path.with_suffix(".db"))) as database, database:
        database.execute(f"create table roles ({', '.join(COLUMNS)})")
        database.executemany("insert into roles values (?, ?, ?, ?, ?)", rows)
    return path


def measured(
    compared: list[Command], rounds: int, environment: dict[str, str]
) -> dict[str, list[float]]:
    """Return the seconds of each command, run in turn, after a warm-up round."""
    times: dict[str, list[float]] = {command.name: [] for command in compared}
    for number in range(rounds + 1):
        for command in compared:
            taken = seconds(command, environment)
            if number:
                times[command.name].append(taken)
    return times


def seconds(command: Command, environment: dict[str, str]) -> float:
    """Return how long a command takes, until its last process has ended."""
    variables = {**environment, **command.env}
    processes: list[subprocess.Popen[bytes]] = []
    source: Any = subprocess.DEVNULL
    begun = time.perf_counter()
    for stage in command.stages:
        last = stage is command.stages[-1]
        process = subprocess.Popen(
            stage,
            stdin=source,
            stdout=subprocess.DEVNULL if last else subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=variables,
        )
        if source is not subprocess.DEVNULL:
            source.close()
        source = process.stdout
        processes.append(process)
    codes = [process.wait() for process in processes]
    taken = time.perf_counter() - begun
    if any(codes):
        raise SystemExit(f"{command.name} exited with {codes}")
    return taken


def table(medians: dict[str, float]) -> str:
    """Return the medians, and their ratios to the medians of the references."""
    rows = [
        [name, 1000 * taken, *(taken / medians[other] for other in REFERENCES)]
        for name, taken in sorted(medians.items(), key=lambda item: item[1])
    ]
    headings = ["", "ms", "x Python", "x Typer", "x Typer --help", "x norwegianblue"]
    return tabulate(rows, headings, floatfmt=("", ".1f", *[".2f"] * len(REFERENCES)))


if __name__ == "__main__":
    typer.run(main)
