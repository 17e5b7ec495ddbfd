"""Errors name the command line that was meant, and it works."""

from __future__ import annotations

import shlex

import pytest

from mlroles.cli.app import build
from mlroles.cli.suggest import _COMMANDS, _OPTIONS
from tests.conftest import run

MEANT = {
    "cities ds": "mlroles locations ds",
    "Pay mle": "mlroles salary mle",
    "companies ds --limit 3": "mlroles employers ds --limit 3",
    # Words without a command.
    "ds austin": "mlroles salary ds austin",
    "austin": "mlroles salary austin",
    "185k austin --json": "mlroles offer 185k austin --json",
    "mle vs ds": "mlroles compare mle vs ds",
    "150k in austin vs 180k in seattle": (
        "mlroles offer 150k in austin vs 180k in seattle"
    ),
    "is 150k with 10% bonus good for a data scientist": (
        "mlroles offer 150k data scientist bonus 10%"
    ),
    "what did data scientists earn in 2023": "mlroles salary data scientists in 2023",
    "where do the numbers come from": "mlroles sources",
    "bonus of data scientists": "mlroles salary of data scientists",
    "wages data engine": "mlroles salary data engine",
    "what does a data engineer earn": "mlroles salary data engineer",
    # Questions, and other names of commands anywhere in them.
    "how much does a data engineer make in denver": (
        "mlroles salary data engineer in denver"
    ),
    "where are mlops engineers paid best?": "mlroles locations mlops engineers",
    "what does a data scientist do": "mlroles describe data scientist",
    "is 150k a good salary for a ds in austin": "mlroles offer 150k ds in austin",
    "top paying companies data scientist": "mlroles employers data scientist",
    "how to become a data scientist": "mlroles show data scientist",
    "compre mle ds": "mlroles compare mle ds",
    "salery data scientist --json": "mlroles salary data scientist --json",
    # What the command itself cannot read goes to another one.
    "data scientist salary 2023": "mlroles salary data scientist 2023",
    "who pays data scientists most": "mlroles employers data scientists",
    "what is the outlook for data scientists": "mlroles outlook data scientists",
    "should I take 150k in austin or 180k in sf as ds": (
        "mlroles offer 150k in austin or 180k in sf as ds"
    ),
    "pay of a senior ds in nyc?": "mlroles salary of senior ds in nyc",
    # Words that mean nothing to a command are not in the line.
    "compre mle nobody": "mlroles compare mle",
    "data scientist salary google": "mlroles salary data scientist",
    "which companies sponsor data engineers": "mlroles employers data engineers",
    "do data analysts need a degree": "mlroles faq data analysts",
    "jobs data scientist austin": "mlroles salary data scientist austin",
    "col austin vs boston": "mlroles salary austin vs boston",
    "companies hiring": "mlroles employers",
    "172k from austin to seattle": "mlroles relocate 172k from austin to seattle",
    "salary ds --city austin": "mlroles salary ds --location austin",
    "salary ds --seniority=senior": "mlroles salary ds --experience senior",
    "salary ds --city 'san francisco'": "mlroles salary ds --location 'san francisco'",
    "compare --csv": "mlroles compare --format csv",
    "compare --hourly --json": "mlroles compare --per hour --json",
    "--json salary ds": "mlroles salary ds --json",
    "-f csv compare": "mlroles compare -f csv",
}


@pytest.mark.parametrize(("line", "meant"), MEANT.items(), ids=list(MEANT))
def test_what_was_meant_is_named_and_works(line: str, meant: str) -> None:
    result = run(*shlex.split(line))
    assert result.exit_code == 2
    assert f"Did you mean: {meant}" in result.stderr
    assert run(*shlex.split(meant)[1:]).exit_code == 0


def test_words_after_two_hyphens_are_no_options() -> None:
    assert "unknown" in run("salary", "--", "--city").stderr


def test_other_names_lead_to_what_there_is() -> None:
    commands = build().commands
    assert set(_COMMANDS.values()) <= set(commands)
    assert not set(_COMMANDS) & set(commands)
    options = {
        name
        for each in commands.values()
        for param in each.params
        for name in param.opts
    }
    assert {option.split()[0] for option in _OPTIONS.values()} <= options
