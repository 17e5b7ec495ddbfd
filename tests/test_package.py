"""Offers with bonus, equity and signing bonus: recomputed by hand, and compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import mlroles
from mlroles.errors import UsageError
from mlroles.package import find_parts, package
from tests.conftest import prose, refused, rows

SUMS = [
    "bonus", "equity", "signing", "cash_first_year", "cash_later_years",
    "total_first_year", "total_later_years",
]  # fmt: skip
# Offers with the values of SUMS, which were computed by hand.
OFFERS: dict[str, list[float | None]] = {
    "180k mle seattle bonus 15% equity 200k/4y signing 30k": [
        27_000, 50_000, 30_000, 237_000, 207_000, 287_000, 257_000,
    ],
    "195k mle austin bonus 10%": [
        19_500, None, None, 214_500, 214_500, 214_500, 214_500,
    ],
    # 2,080 hours of $90.
    "90/hr mle no bonus equity 10k/y": [
        0, 10_000, None, 187_200, 187_200, 197_200, 197_200,
    ],
    "5k/month de austria 1k signing": [
        None, None, 1_000, 61_000, 60_000, 61_000, 60_000,
    ],
    "123,456 ds 12.5% bonus, 100k stock over 3 years": [
        15_432, 33_333.33, None, 138_888, 138_888, 172_221.33, 172_221.33,
    ],
}  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), OFFERS.items(), ids=list(OFFERS))
def test_parts_of_an_offer_add_up(words: str, expected: list[float | None]) -> None:
    row = rows("offer", *words.split())
    assert [row[key] for key in SUMS] == expected
    level = row["cost_of_living"]
    for key in ("total_first_year", "total_later_years"):
        worth = row[f"adjusted_{key}"]
        if level is None:
            assert worth is None
        else:
            assert worth == pytest.approx(100 * row[key] / level, abs=0.5)


def test_parts_do_not_change_the_rank() -> None:
    plain = rows("offer", "180k", "mle", "seattle")
    row = rows("offer", "180k", "mle", "seattle", "bonus", "15%")
    # Without any, the sums are unknown, too.
    assert {plain[key] for key in SUMS} == {None}
    changed = {key for key in row if row[key] != plain[key]}
    assert changed == {
        "bonus", *(key for key in row if "_first_year" in key or "_later_years" in key),
    }  # fmt: skip


@given(st.permutations(["185k", "bonus 15%", "equity 200k/4y", "signing 30k", "mle"]))
def test_order_of_parts_does_not_matter(words: list[str]) -> None:
    expected = {"bonus": "15%", "equity": "200k/4y", "signing": "30k"}
    parts, others = find_parts(words)
    assert parts == expected
    assert sorted(others) == ["185k", "mle"]
    reversed_ = [" ".join(reversed(each.split())) for each in words]
    parts, others = find_parts(reversed_)
    assert parts == expected
    assert sorted(others) == ["185k", "mle"]


@given(
    st.integers(1, 10**7),
    st.none() | st.integers(0, 100),
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
)
def test_sums_are_of_the_parts_that_are_known(
    base: int, bonus: int | None, equity: int | None, signing: int | None
) -> None:
    # Less is refused: it lacks its thousands.
    assume(all(not each or each >= base / 1000 for each in (equity, signing)))
    texts = {
        "bonus": None if bonus is None else f"{bonus}%",
        "equity": None if equity is None else f"{equity}/1y",
        "signing": None if signing is None else str(signing),
    }
    row = package(base, "USD", **texts)
    assert row["total_later_years"] - row["cash_later_years"] == pytest.approx(
        equity or 0
    )
    assert row["total_first_year"] - row["total_later_years"] == pytest.approx(
        signing or 0
    )
    assert row["cash_later_years"] == pytest.approx(base * (1 + (bonus or 0) / 100))


def test_words_and_options_of_parts_are_the_same() -> None:
    words = "180k mle seattle bonus 15% equity 200k/4y signing 30k vs 195k austin"
    options = [
        "180k", "mle", "--location", "seattle", "--bonus", "15%", "--equity",
        "200k/4y", "--signing", "30k", "--vs", "195k austin",
    ]  # fmt: skip
    answer = rows("offer", *words.split())
    assert answer == rows("offer", *options)
    assert mlroles.ask(f"offer {words}").rows == answer
    assert [row["role"] for row in answer] == ["machine-learning-engineer"] * 2
    assert rows("offer", "195k", "mle", "austin") == answer[1]


def test_offers_are_compared() -> None:
    def page(*words: str) -> str:
        line = " ".join(words).split()
        return prose("offer", *line)

    text = page("185k austin vs 195k seattle")
    assert text.startswith(
        "Machine Learning Engineer, a year: $185,000 in Austin is high, $195,000 in "
        "Seattle is mid-range At average US prices, the base pay of $185,000 in Austin "
        "is worth most: about $189,000 before tax. "
    )
    assert text == page("185k austin or 195k seattle")
    # Sums of the same parts are compared, of other parts they are not.
    text = page("185k austin bonus 10% vs 230k seattle bonus 30%")
    assert (
        "the offer of $230,000 in Seattle is worth most: about $269,000 in a later "
        in text
    )
    # A signing bonus is no part of later years.
    text = page("185k austin bonus 10% signing 30k vs 230k seattle bonus 30%")
    assert "worth most: about $269,000 in a later" in text
    text = page("185k austin vs 195k seattle equity 400k/4y")
    assert "the base pay of $185,000 in Austin is worth most" in text
    assert "A part that is not given is unknown," in text
    # The price level of remote work is unknown, and two may be worth the same.
    assert "worth most" not in page("185k austin vs 195k remote")
    assert "worth most" not in page("185k austin vs 185k austin")
    assert "$197,600 in the United States is mid-range" in page("95/hr vs 190k")


def test_pages_of_one_offer_show_its_parts() -> None:
    def page(words: str) -> str:
        return prose("offer", *words.split())

    text = page("180k mle seattle bonus 15% equity 200k/4y signing 30k")
    assert (
        "First year $287,000, of which $237,000 in cash "
        "Later years $257,000, of which $207,000 in cash "
        "Parts Base $180,000, bonus $27,000, equity $50,000 a year; signing bonus "
        "$30,000 once USD"
    ) in text
    text = page("180k mle seattle bonus 15%")
    assert (
        "Each year $207,000 Parts Base $180,000, bonus $27,000 a year Equity, signing "
        "bonus: not given, so not in these sums"
    ) in text


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        (["150k", "--bonus", "x"], "bonus"),
        (["150k", "--bonus", "2000%"], "bonus"),
        (["150k", "--equity", "100k/0y"], "equity"),
        (["150k", "--signing", "10k", "bonus", "5%", "signing", "20k"], "signing"),
        (["150k", "--vs", "160k vs 170k"], "vs"),
    ],
)
def test_invalid_parts_are_named(words: list[str], argument: str) -> None:
    assert f'"{argument}"' in refused("offer", *words, "--json")


def test_python_offers_have_parts() -> None:
    answer: Any = mlroles.offer(mlroles.load(), 150_000, bonus="none")
    assert answer["bonus"] == 0
    with pytest.raises(UsageError, match="is not a plausible bonus"):
        mlroles.offer(mlroles.load(), 150_000, bonus="1001%")
