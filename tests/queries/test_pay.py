from __future__ import annotations

from tests.conftest import run


def test_year_zero_is_named_in_the_note() -> None:
    result = run("offer", "150k", "mle", "--year", "0", "--json")
    assert result.exit_code == 0
    assert result.stderr == (
        "note: fewer than 10 records of Machine Learning Engineer for 0, United "
        "States; closest groups with enough records: 2022, United States (31 records); "
        "2023, United States (282 records); 2024, United States (953 records)\n"
    )
