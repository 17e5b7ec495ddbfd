from __future__ import annotations

import copy
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mlroles.dataset.dimensions import PAY_COLUMNS
from mlroles.dataset.load import load
from mlroles.errors import DataError
from mlroles.importer.pay import SOURCE_ID, import_records
from tests.conftest import changed, run
from tests.importer import reference
from tests.importer.records_file import (
    DATASET,
    import_survey,
    pay_groups,
    record,
    repeat,
    write_csv,
)

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import Source
    from tests.importer.records_file import Record


@settings(max_examples=40, deadline=None)
@given(
    records=reference.records,
    employment=st.sampled_from([("FT",), ("FT", "CT"), ("CT", "PT"), ("all",)]),
)
def test_pay_groups_equal_those_calculated_with_fractions(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[Record],
    employment: tuple[str, ...],
) -> None:
    path = write_csv(tmp_path_factory.getbasetemp() / "drawn.csv", records)
    reasons = [reference.skip_reason(each, employment) for each in records]
    skipped = Counter(filter(None, reasons))
    used = [each for each, reason in zip(records, reasons, strict=True) if not reason]
    groups = reference.pay_groups(used)
    event(f"groups: {min(10, sum(map(len, groups.values())))}")
    summary = (
        f"{len(records)} records read, {len(used)} used, {skipped.total()} skipped"
    )
    details = [f"{skipped[r]} {r}" for r in reference.SKIP_REASONS if skipped[r]]
    summary = ": ".join([summary, *filter(None, [", ".join(details)])])
    if not groups:
        with pytest.raises(DataError) as raised:
            import_records(DATASET, path, employment=employment)
        assert raised.value.messages == (
            f"no role has 10 records of one year: {summary}",
        )
        return
    data, notes = import_records(DATASET, path, employment=employment)
    survey: Any = data["survey"]
    assert survey["cells"] == groups
    assert notes == [
        summary,
        *[
            f"unknown {column} in {values.total()} records, which are not broken down "
            "by it: "
            + ", ".join(sorted(values, key=lambda value: (-values[value], value)))
            for column, values in reference.unknown_values(used).items()
            if values
        ],
    ]


def test_half_units_are_rounded_up(tmp_path: Path) -> None:
    # The mean is 41,660.50 exactly; the sum of doubles is less.
    cents = [4_151_992 + 3_124 * step for step in range(10)]
    records = [record(salary_in_usd=f"{n // 100}.{n % 100:02}") for n in cents]
    halves = [f"{1_000 + n}.5" for n in range(1, 12)]
    records += [record(work_year="2023", salary_in_usd=half) for half in halves]
    # The closest double is less than 1,024.495.
    records += repeat(10, work_year="2022", salary_in_usd="1024.495")
    data, _ = import_records(DATASET, write_csv(tmp_path / "pay.csv", records))
    totals = {
        group["year"]: group
        for group in pay_groups(data)
        if not any(list(group.values())[1:4])
    }
    assert totals[2024]["mean"] == 41_661
    assert [totals[2023][key] for key in ("mean", "p10", "p50")] == [1007, 1003, 1007]
    assert [totals[2022][key] for key in ("mean", "p10", "p50")] == [1025] * 3


@pytest.mark.parametrize(
    "records",
    [[], repeat(9), [*repeat(9), *repeat(9, work_year="2023")]],
    ids=["none", "nine", "nine a year"],
)
def test_groups_need_ten_records(records: list[Record], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", records)
    count = len(records)
    message = (
        f"no role has 10 records of one year: {count} records read, {count} used, "
        "0 skipped"
    )
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        import_records(DATASET, path)


def test_only_survey_sources_and_countries_change(tmp_path: Path) -> None:
    output = tmp_path / "new.json"
    records = [*repeat(10, company_location="US"), *repeat(9, company_location="AT")]
    import_survey(write_csv(tmp_path / "pay.csv", records), output=output)
    result = run("validate", str(output))
    assert (result.exit_code, result.stdout) == (0, f"{output}: valid, 3 roles\n")
    data = load(output)
    replaced = {"sources", "countries", "survey"}
    assert {k: v for k, v in data.items() if k not in replaced} == {
        k: v for k, v in DATASET.items() if k not in replaced
    }
    # Germany is the region of the average salaries; Austria and France have no group.
    assert data["countries"] == {"DE": "Germany", "US": "United States"}
    assert [source["id"] for source in data["sources"]] == ["guild", SOURCE_ID]
    assert data["survey"] == {
        "source": SOURCE_ID,
        "columns": list(PAY_COLUMNS),
        "cells": {
            "gardener": [
                [2024, country, experience, mode, records, *[50_000] * 14]
                for country, records in ((None, 19), ("US", 10))
                for experience in (None, "senior")
                for mode in (None, "on-site")
            ]
        },
    }
    assert data["sources"][-1]["records"] == 19
    assert data["sources"][-1]["updated"] == "2024"


def test_country_names_of_the_data_set_are_kept(tmp_path: Path) -> None:
    data = changed(DATASET, "countries", "DE", value="Deutschland")
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    new, _ = import_records(data, path)
    assert new["countries"] == {"DE": "Deutschland"}


def test_data_set_without_survey_and_places_gets_a_survey(tmp_path: Path) -> None:
    data = changed(changed(DATASET, "survey", value=None), "places", value=None)
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    new, _ = import_records(data, path)
    assert (len(pay_groups(new)), new["places"]) == (8, None)


def test_second_import_replaces_the_first(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    first, _ = import_records(DATASET, path)
    second, _ = import_records(first, path)
    assert second == first


def test_cited_source_of_the_old_pay_is_kept(tmp_path: Path) -> None:
    data = changed(DATASET, "roles", 0, "salary", "source", value="almanac")
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    new, _ = import_records(data, path)
    assert new["sources"][:2] == DATASET["sources"]
    assert [source["id"] for source in new["sources"][2:]] == [SOURCE_ID]


def test_other_sources_are_unchanged(tmp_path: Path) -> None:
    data: Any = copy.deepcopy(DATASET)
    cited = {**data["sources"][0], "id": "imported-records"}
    uncited = {**data["sources"][0], "id": "elsewhere"}
    data["sources"] += [cited, uncited]
    data["roles"][0]["salary"]["source"] = "imported-records"
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    new, _ = import_records(data, path)
    assert cited in new["sources"]
    assert uncited in new["sources"]
    assert new["sources"][-1]["id"] == "imported-records-2"
    ids = {source["id"] for source in new["sources"]}
    assert data["survey"]["source"] not in ids


def test_given_source_is_used(tmp_path: Path) -> None:
    source: Source = {**DATASET["sources"][0], "records": 10}
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    data, _ = import_records(DATASET, path, source=source)
    # It replaces the source of the same id, which other figures cite.
    assert data["sources"] == [source]
    assert data["survey"]
    assert data["survey"]["source"] == "guild"


def test_source_describes_the_records(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", [*repeat(10), record(work_year="2199")])
    data, _ = import_records(DATASET, path, employment=["FT", "CT"])
    source = data["sources"][-1]
    # The year 2199 has too few records for a group.
    assert source["updated"] == "2024"
    assert source["method"].endswith("Employment types: CT, FT.")
