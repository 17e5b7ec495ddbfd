"""A data set that validates is answered from, by every command in every format."""

from __future__ import annotations

import copy
import json
import os
import random
import time
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from mlroles.cli.registry import COMMANDS
from mlroles.dataset.dataset import Dataset
from mlroles.dataset.validate import validation_errors
from tests.conftest import FULL, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How long to search, and where to begin.
SECONDS = float(os.environ.get("MUTANT_SECONDS", "600" if FULL else "3"))
SEED = os.environ.get("MUTANT_SEED", "1")
# Each command, with the arguments that reach most of it.
LINES = """
    salary gardener lawton texarkana; offer 41k gardener lawton texarkana;
    describe; describe head gardener; duties; faq; show; show florist; roles; sources;
    sources --details; skills --details; skills --match s; salary; salary --details;
    salary florist; salary --real; salary --per hour; salary --by year --per hour;
    compare --per hour; salary --by year --currency GBP; salary --by year --real;
    salary --by year; salary --by experience; salary --by seniority;
    salary --by country; salary --by work-mode; salary --location DE;
    salary --location lawton; salary --country DE --currency GBP; salary --currency USD;
    compare; compare --all --details; compare --real; compare --all --sort openings;
    compare --currency GBP; locations; locations --level country;
    locations --sort adjusted; locations --level metro; employers; employers --by title;
    employers --location K1; industries; industries --sort employment; outlook;
    outlook --details; outlook --by month; offer 41k; offer 1-9e9k;
    offer 30k-50k gardener; offer 41k --location DE --details;
    offer 41k lawton bonus 10% equity 8k/4y; offer 40k vs 50k france;
    relocate 41k --from DE; relocate 41k --from FR --to DE;
    relocate 41k --from DE --currency GBP --details; relocate 41k --from lawton;
    relocate 999999999999 --from DE --to FR
"""
FORMATS = ("table", "json", "csv", "markdown", "html", "jsonl", "tsv")
CHARTS = ("chart", "chart", "svg", "pdf")
# The share of charts.
SLOW = 0.05
VALUES: dict[type, tuple[Any, ...]] = {
    bool: (True, False),
    int: (0, 1, 2, 9, 10, 99, 1900, 2024, 2200, 10**6, 10**12, 2**53 - 1, -1, -(10**6)),
    float: (5e-324, 1e-300, 0.0001, 0.001, 1, 80.5, 100, 1e4, 1e6, 1e9, 9e15, 1e308),
    str: (
        "a", "x" * 200, "x" * 9_999, "a b " * 40, "<b>&amp;", "[/b]", "a|b",
        "$x$ \\frac", "\u200b", "a\ufffe", "a\uffff", "\ufeff", "a\U000e0041", "\u0301",
        "\u05d0\u0627", "\U0001f600", "\u4e2d\u6587", "{0} {x}", "%s %(x)s", "a; b",
        "US", "DE", "FR", "XX", "2024", "2024-02", "2024-02-29", "FY 2024",
        "1900-01-01", "0001", "9999-12-31", "2024-01/2024-06", "EUR", "USD", "GBP",
        "metro", "state", "country", "gardener", "florist", "guild", "almanac", "100",
        "nan", "\u00bd", "a\u00a0b", "a" + "\u0300" * 50,
    ),
    type(None): (None, 1, 40_000, "a", "DE", 0),
}  # fmt: skip


def parts(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each part of a data set."""
    if path:
        yield path
    if isinstance(node, dict | list):
        members = node.items() if isinstance(node, dict) else enumerate(node)
        for key, member in members:
            yield from parts(member, (*path, key))


def mutate(data: Any, paths: list[tuple[Any, ...]], rng: random.Random) -> None:
    """Change one part of a data set, where it still has it."""
    *path, key = rng.choice(paths)
    owner = data
    try:
        for step in path:
            owner = owner[step]
        value = owner[key]
    except (LookupError, TypeError):
        return
    match rng.randrange(24):
        case 0:
            del owner[key]
        case 1 if isinstance(owner, list):
            owner.insert(rng.randrange(len(owner) + 1), copy.deepcopy(value))
        case 2 | 3 | 4 if isinstance(owner, dict):
            owner[str(rng.choice(VALUES[str]))] = owner.pop(key)
        case 5 if isinstance(value, list | dict):
            value.clear()
        case 6 | 7 if isinstance(owner, list):
            rng.shuffle(owner)
        case 8 | 9:
            owner[key] = None
        case _ if isinstance(value, list | dict):
            # One of its parts instead, which is more often valid.
            mutate(value, list(parts(value)) or [(0,)], rng)
        case _:
            kind = type(value)
            # In JSON, 100 is a number that need not be whole.
            kinds = [kind, float] if kind is int else [kind]
            owner[key] = rng.choice(VALUES[rng.choice(kinds)])


def valid_mutants(complete: Any, seed: object) -> Iterator[tuple[int, Any]]:
    """Yield changed data sets that are valid, with their numbers, without an end."""
    paths = list(parts(complete))
    number = 0
    while True:
        number += 1
        rng = random.Random(f"{seed} {number}")  # noqa: S311 - not cryptography
        data = copy.deepcopy(complete)
        for _ in range(rng.choice((1, 1, 2, 3))):
            mutate(data, paths, rng)
        if not validation_errors(data):
            yield number, data


def check(line: str, style: str, tmp_path: Path) -> None:
    """Run a command line, which must be answered, or refused with a message."""
    words = [*line.split(), "--no-pager"]
    picture = tmp_path / f"picture.{style}"
    if style == "chart":
        words.append("--chart")
    elif style in {"svg", "pdf", "png"}:
        words += ["-o", str(picture), "--force"]
    else:
        words += ["--format", style]
    result = run(*words)
    assert result.exit_code in {0, 1, 2}, result.stderr
    if result.exit_code:
        assert result.stdout == ""
        assert result.stderr.startswith("error: ") or '{"error": ' in result.stderr
    elif style in {"json", "jsonl"}:
        for text in [result.stdout] if style == "json" else result.stdout.splitlines():
            json.loads(text, parse_constant=pytest.fail)
    elif style == "svg" and picture.exists():
        ET.parse(picture)  # noqa: S314 - our own
        picture.unlink()


def has_chart(line: str) -> bool:
    return any(
        each.name == "chart" for each in COMMANDS[line.split(maxsplit=1)[0]].output
    )


def test_every_valid_mutant_is_answered(
    complete: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(SEED)  # noqa: S311 - not cryptography
    end, count = time.monotonic() + SECONDS, 0
    for number, data in valid_mutants(complete, SEED):
        mutant = Dataset(data)
        monkeypatch.setattr("mlroles.cli.present.load", lambda _, known=mutant: known)
        # Some lines in one format each, so that there are many mutants, and few
        # pictures, which take long.
        for line in rng.sample(LINES.split(";"), 16):
            styles = CHARTS if has_chart(line) and rng.random() < SLOW else FORMATS
            style = rng.choice(styles)
            try:
                check(line, style, tmp_path)
            except (Exception, pytest.fail.Exception) as error:
                error.add_note(f"mutant {number} of seed {SEED}: {line} as {style}")
                raise
        count += 1
        if time.monotonic() > end:
            break
    print(f"{number:,} mutants, {count:,} of them valid")  # noqa: T201 - shown with -s
    assert count
