"""What people type after a command means what they would say it means."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlroles
from mlroles.cli.registry import COMMANDS
from mlroles.errors import MlrolesError, UsageError
from mlroles.package import PARTS, find_parts
from mlroles.words import VERSUS, Typed, read
from tests.conftest import FULL, TINY, cases, prose, rows, run

DATA = mlroles.load()
LINES = cases("words.tsv")
NAMES = [
    "austin",
    "seattle",
    "texas",
    "germany",
    "ds",
    "ml engineer",
    "senior",
    "remote",
]


def meaning(typed: Typed) -> str:
    """Return what words mean as `words.tsv` writes it."""
    amounts = [
        f"{each.text}{f' {each.currency}' if each.currency else ''}"
        f"{f' per {each.period}' if each.period else ''}"
        for each in typed.amounts
    ]
    roles = [min([*role["aliases"], role["id"]], key=len) for role in typed.roles]
    return ";".join(
        [
            "|".join(amounts),
            "|".join(roles),
            "|".join(place.short_name for place in typed.places),
            typed.start.short_name if typed.start else "",
            "|".join(place.short_name for place in typed.ends),
            typed.experience or "",
            typed.work_mode or "",
        ]
    )


def understood(command: str, words: str) -> str:
    """Return what is understood after a command; offers have their parts, too."""
    options = {option.name for option in COMMANDS[command].options}
    if command != "offer":
        return meaning(read(DATA, words.split(), command=command, options=options))
    meanings = []
    for text in re.split(rf"\s(?:{'|'.join(map(re.escape, VERSUS))})\s", words):
        parts, others = find_parts(text.split())
        typed = meaning(read(DATA, others, command=command, options=options))
        named = [f"{key} {parts[key]}" for key in PARTS if key in parts]
        meanings.append(";".join([typed, *named]))
    return " vs ".join(meanings)


def normal(text: str) -> str:
    """Return an expected meaning with the shortest name of each role."""
    if " vs " in text:
        return " vs ".join(map(normal, text.split(" vs ")))
    parts = text.split(";")
    roles = [DATA.role(name) for name in parts[1].split("|") if name]
    parts[1] = "|".join(min([*r["aliases"], r["id"]], key=len) for r in roles)
    return ";".join(parts)


@pytest.mark.parametrize(
    ("command", "words", "expected"), LINES, ids=[" ".join(line[:2]) for line in LINES]
)
def test_words_mean_what_people_would_say(
    command: str, words: str, expected: str
) -> None:
    if expected.startswith("error: "):
        result = run(command, *words.split())
        assert result.exit_code == 2
        assert expected.removeprefix("error: ") in result.stderr
        assert result.stdout == ""
    else:
        assert understood(command, words) == normal(expected)


@given(st.permutations(["185k", "senior", "ml engineer", "remote"]))
def test_order_of_words_does_not_matter(words: list[str]) -> None:
    assert understood("offer", " ".join(words)) == "185000;mle;;;;senior;remote"


@settings(max_examples=500 if FULL else 60)
@given(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=12)), max_size=6))
def test_no_words_are_an_error_of_the_tool(words: list[str]) -> None:
    result = run("offer", "--", "150k", *words)
    assert result.exit_code in {0, 2}
    assert "unexpected" not in result.stderr


# Words, and the same in options.
SAME = {
    "offer 185k austin": "offer 185k --location austin",
    "salary senior ds": "salary ds --experience senior",
    "offer 95k EUR de germany": "offer 95k de --location germany --currency EUR",
    "relocate 172k ds from austin to seattle":
        "relocate 172k ds --from austin --to seattle",
    "relocate 172k ds austin seattle": "relocate 172k ds --from austin --to seattle",
    "offer 8k/month de": "offer 8k de --per month",
    "salary ds 2024": "salary ds --year 2024",
    "compare hourly": "compare --per hour",
    "salary ds from austin": "salary ds austin",
    "locations ds germany": "locations ds --level country --match germany",
    "locations ds texas": "locations ds --match texas",
    "locations ds by state": "locations ds --level state",
    "salary de germany in usd": "salary de germany --currency USD",
    "salary ds by level": "salary ds --by experience",
    "compare all roles": "compare --all",
    "salary ds per hour": "salary ds --per hour",
}  # fmt: skip


@pytest.mark.parametrize(("words", "options"), SAME.items(), ids=list(SAME))
def test_words_and_options_are_the_same(words: str, options: str) -> None:
    assert rows(*words.split()) == rows(*options.split())


def test_several_places_have_a_row_each() -> None:
    answer = rows("offer", "185k", "mle", "austin", "seattle", "remote")
    assert [row["place"] and row["code"] for row in answer] == ["12420", "42660", None]
    assert [row["work_mode"] for row in answer] == [None, None, "remote"]
    one = rows("offer", "185k", "mle", "austin")
    assert answer[0] == one
    page = prose("offer", "185k", "mle", "austin", "seattle", "remote")
    assert page.startswith(
        "$185,000 a year, Machine Learning Engineer: high in Austin, mid-range in "
        "Seattle, mid-range remote "
    )
    assert "Figures of different sources are not comparable: see Counted." in page
    table = run("salary", "ds", "texas", "california", "-f", "csv").stdout
    assert [line.split(",")[4] for line in table.splitlines()] == ["code", "TX", "CA"]
    both = run("compare", "mle", "ds", "in", "seattle").stdout
    assert both.startswith("Median in Seattle, WA: $204,240 a year for Machine ")
    assert rows("compare", "mle", "in", "seattle")[0] == rows(
        "salary", "mle", "--location", "seattle"
    )
    none = run("salary", "dle", "texas", "california").stdout
    assert none.startswith("Deep Learning Engineer: no pay figure")
    nothing = run("offer", "150k", "dle", "texas", "california", "-f", "md").stdout
    assert "no figure in Texas, no figure in California" in nothing
    details = run("salary", "ds", "texas", "california", "--details").stdout
    assert "Official wages include commissions" in details


def test_a_country_is_a_place_to_compare_in() -> None:
    answer = rows("compare", "de", "da", "in", "germany")
    assert answer == rows("compare", "de", "da", "--country", "de")
    assert {row["currency"] for row in answer} == {"EUR"}
    euros = rows("offer", "95k", "de", "germany", "france", "--currency", "EUR")
    assert [row["currency"] for row in euros] == ["EUR", "EUR"]
    page = run("offer", "95k", "de", "germany", "france", "--currency", "EUR").stdout
    assert "Converted at yearly mean rates" in page


def test_words_of_other_data_sets() -> None:
    data = ("--data", str(TINY))
    assert rows("salary", "gardener", *data)["role"] == "gardener"
    twice = rows("compare", "computer-vision-engineer", "comp")
    assert [row["role"] for row in twice] == ["computer-vision-engineer"]


def test_other_words_are_no_options() -> None:
    assert rows("salary", "de", "germany", "in", "usd")["records"] == 14
    assert run("compare", "all", "roles").stdout == run("compare", "--all").stdout


def test_help_explains_words() -> None:
    text = run("help", "words").stdout
    assert text.startswith("Words after a command\n\nWords are read together, ")
    assert "mlroles offer 185k ds" in " ".join(text.split())


def test_levels_of_filings_lead_to_them() -> None:
    result = run("salary", "staff", "ml", "engineer")
    assert result.stderr == ("note: only H-1B filings have the level staff\n")
    title = "Machine Learning Engineer: median $226,600 a year for staff\n"
    assert result.stdout.startswith(title)
    (row,) = rows("salary", "staff", "ml", "engineer")
    assert row in rows("salary", "ml", "engineer", "--by", "seniority")
    note = run("salary", "dle", "--by", "seniority", "--experience", "lead").stderr
    assert note.endswith("for Deep Learning Engineer at the level lead\n")
    result = run("salary", "staff", "dle")
    assert "note: no figure here is of the level staff; using senior\n" in result.stderr


def test_pay_abroad_is_in_the_money_of_the_place() -> None:
    assert rows("salary", "de", "austria")["currency"] == "EUR"
    assert rows("salary", "ds", "austin")["currency"] == "USD"
    assert rows("relocate", "2500000", "ds", "from", "india", "to", "germany")[0][
        "currency"
    ] == ("INR")


def test_days_of_a_year_are_stated() -> None:
    result = run("offer", "500/day", "ds", "uk")
    assert "note: a year is counted as 260 days of work\n" in result.stderr


def test_ask_answers_words() -> None:
    answer: Any = mlroles.ask("offer 185k austin")
    assert answer.rows == rows("offer", "185k", "austin")
    assert mlroles.ask("salary da germany").rows["currency"] == "EUR"
    assert mlroles.ask("salary staff mle").notes
    assert mlroles.ask("roles", DATA).rows == rows("roles")
    with pytest.raises(UsageError, match="unknown question ''"):
        mlroles.ask("")
    with pytest.raises(MlrolesError, match="unknown word 'nowhere'"):
        mlroles.ask("offer 185k ds nowhere")


def test_random_words_are_read_in_bounded_time() -> None:
    generator = random.Random(1)  # noqa: S311 - not for secrets
    words = [generator.choice([*NAMES, "xyzzy", "150k"]) for _ in range(500)]
    result = run("offer", *words)
    assert result.exit_code == 2
