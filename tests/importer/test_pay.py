from __future__ import annotations

import copy
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from mlroles.dataset.dimensions import (
    EMPLOYER_COLUMNS,
    INDUSTRY_COLUMNS,
    PAY_COLUMNS,
    TABLES,
)
from mlroles.dataset.load import load
from mlroles.dataset.validate import validation_errors
from mlroles.errors import DataError
from mlroles.extras.importer.pay import SOURCE_ID, import_records
from mlroles.extras.importer.reading import Settings
from tests.conftest import FULL, changed, run
from tests.importer import reference
from tests.importer.records_file import (
    COLUMNS,
    DATASET,
    RANGE_HEADERS,
    REPEATED,
    import_pay,
    pay_groups,
    range_record,
    record,
    repeat,
    write_csv,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mlroles.dataset.schema import DatasetJson, Source
    from tests.importer.records_file import Record


def imported(
    folder: Path,
    data: DatasetJson = DATASET,
    records: Sequence[Record] = tuple(repeat(10)),
    headers: Sequence[str] = COLUMNS,
    **given: Any,
) -> DatasetJson:
    """Write records to a file, and import them."""
    path = write_csv(folder / "pay.csv", records, headers)
    return import_records(data, path, **given)[0]


@pytest.mark.compat
@settings(max_examples=200 if FULL else 15)
@given(
    records=st.one_of(reference.single_amounts, reference.ranges),
    employment=st.sampled_from([("FT",), ("FT", "CT"), ("CT", "PT"), ("all",)]),
)
def test_pay_groups_equal_those_calculated_with_fractions(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[Record],
    employment: tuple[str, ...],
) -> None:
    # A column without values is none, and then every record counts.
    assume(any(kind for _, _, kind, *_ in records))
    is_range = len(records[0]) > len(COLUMNS)
    headers = RANGE_HEADERS if is_range else COLUMNS
    # Without any year, they have no date.
    assume(any(record[0] in reference.YEARS for record in records))
    path = write_csv(tmp_path_factory.getbasetemp() / "drawn.csv", records, headers)
    reasons = [reference.skip_reason(each, employment) for each in records]
    skipped = Counter(filter(None, reasons))
    used = [each for each, reason in zip(records, reasons, strict=True) if not reason]
    groups = reference.pay_groups(used)
    event(f"ranges: {is_range}")
    event(f"groups: {min(10, sum(map(len, groups.values())))}")
    summary = (
        f"{len(records)} records read, {len(used)} used, {skipped.total()} skipped"
    )
    details = [
        f"skipped {skipped[reason]}: {reason}, such as "
        for reason in reference.SKIP_REASONS
        if skipped[reason]
    ]
    if not groups:
        with pytest.raises(DataError) as raised:
            import_records(DATASET, path, Settings(employment=employment))
        notes = [
            raised.value.messages[0].removeprefix(
                "no role has 10 records of one year: "
            ),
            *raised.value.messages[1:],
        ]
    else:
        data, notes = import_records(DATASET, path, Settings(employment=employment))
        pay: Any = data["pay"]
        assert pay["groups"] == groups
    unknown = [
        f"unknown {column} in {values.total()} record{'s' * (values.total() > 1)}, not "
        "broken down by it: "
        + ", ".join(sorted(values, key=lambda value: (-values[value], value)))
        for column, values in reference.unknown_values(used).items()
        if values and groups
    ]
    ends = [set(each[len(COLUMNS) :]) for each in used] if groups else []
    low_only = sum(bool(end & reference.MISSING) for end in ends)
    if low_only:
        unknown.append(f"only a low end of pay in {low_only} of {len(used)} records")
    others = (
        REPEATED, ": the median is ", "no level", "no country", "no work mode",
        "so no pay: ",
    )  # fmt: skip
    notes = [note for note in notes if not any(each in note for each in others)]
    assert notes[0] == summary
    assert all(map(str.startswith, notes[1:], details))
    assert notes[1 + len(details) :] == unknown


def test_half_units_are_rounded_up(tmp_path: Path) -> None:
    # The mean is 41,660.50 exactly; the sum of doubles is less.
    cents = [4_151_992 + 3_124 * step for step in range(10)]
    records = [record(salary_in_usd=f"{n // 100}.{n % 100:02}") for n in cents]
    halves = [f"{1_000 + n}.5" for n in range(1, 12)]
    records += [record(work_year="2023", salary_in_usd=half) for half in halves]
    # The closest double is less than 1,024.495.
    records += repeat(10, work_year="2022", salary_in_usd="1024.495")
    data = imported(tmp_path, records=records)
    totals = {
        group["year"]: group
        for group in pay_groups(data)
        if not any(list(group.values())[1:4])
    }
    assert totals[2024]["mean"] == 41_661
    assert [totals[2023][key] for key in ("mean", "p10", "p50")] == [1007, 1003, 1007]
    assert [totals[2022][key] for key in ("mean", "p10", "p50")] == [1025] * 3


def test_range_counts_once_at_its_midpoint(tmp_path: Path) -> None:
    # The midpoints are 50,000, 51,000 and so on.
    records = [range_record(40_000, 60_000 + 2_000 * n) for n in range(11)]
    path = write_csv(tmp_path / "pay.csv", records, RANGE_HEADERS)
    data, notes = import_records(DATASET, path)
    assert notes == ["11 records read, 11 used, 0 skipped"]
    assert pay_groups(data)[0] == {
        "year": 2024, "country": None, "experience": None, "work_mode": None,
        "records": 11, "mean": 55_000,
        "p5": 50_500, "p10": 51_000, "p20": 52_000, "p25": 52_500, "p30": 53_000,
        "p40": 54_000, "p50": 55_000, "p60": 56_000, "p70": 57_000, "p75": 57_500,
        "p80": 58_000, "p90": 59_000, "p95": 59_500,
        "range_low": 40_000, "range_high": 70_000,
        "median_ci_low": 51_000, "median_ci_high": 59_000,
    }  # fmt: skip


def test_typical_range_has_the_medians_of_both_ends(tmp_path: Path) -> None:
    # Not in the same order: the widest range has the lowest low end.
    lows, highs = range(30_000, 40_000, 1_000), range(90_000, 80_000, -1_000)
    records = [range_record(*ends) for ends in zip(lows, highs, strict=True)]
    data = imported(tmp_path, records=records, headers=RANGE_HEADERS)
    group = pay_groups(data)[0]
    assert (group["range_low"], group["range_high"]) == (34_500, 85_500)
    assert {group[key] for key in ("mean", "p5", "p50", "p95")} == {60_000}


def test_half_cents_of_midpoints_are_not_lost(tmp_path: Path) -> None:
    # The midpoint is 1,000.495. In whole cents it would be 1,000.50, and rounded up.
    records = [range_record("1000.49", "1000.50", work_year="2022")] * 10
    records += [range_record("1000.50", "1000.50", work_year="2023")] * 10
    data = imported(tmp_path, records=records, headers=RANGE_HEADERS)
    groups = pay_groups(data)
    figures = {
        group["year"]: [
            group[key] for key in ("mean", "p50", "range_low", "range_high")
        ]
        for group in groups
    }
    assert figures == {2022: [1000, 1000, 1000, 1001], 2023: [1001] * 4}


def test_single_amounts_have_no_typical_range(tmp_path: Path) -> None:
    data = imported(tmp_path, records=repeat(10))
    assert {(g["range_low"], g["range_high"]) for g in pay_groups(data)} == {
        (None, None)
    }


def test_ranges_of_one_amount_have_the_pay_of_that_amount(tmp_path: Path) -> None:
    amounts = [str(50_000 + 137 * n) for n in range(20)]
    single = [record(salary_in_usd=amount) for amount in amounts]
    ranges = [range_record(amount, amount) for amount in amounts]
    one, _ = import_records(DATASET, write_csv(tmp_path / "single.csv", single))
    path = write_csv(tmp_path / "ranges.csv", ranges, RANGE_HEADERS)
    other, _ = import_records(DATASET, path)
    median = {"range_low": 51_302, "range_high": 51_302}
    assert pay_groups(other) == [group | median for group in pay_groups(one)]


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


def test_only_pay_sources_and_countries_change(tmp_path: Path) -> None:
    output = tmp_path / "new.json"
    records = [*repeat(10, company_location="US"), *repeat(9, company_location="AT")]
    import_pay(write_csv(tmp_path / "pay.csv", records), output=output)
    result = run("validate", str(output))
    assert (result.exit_code, result.stdout) == (0, f"{output}: valid, 3 roles\n")
    data = load(output).content
    replaced = {"sources", "countries", "pay"}
    assert {k: v for k, v in data.items() if k not in replaced} == {
        k: v for k, v in DATASET.items() if k not in replaced
    }
    # Germany is the region of the average salaries; Austria and France have no group.
    assert data["countries"] == {"DE": "Germany", "US": "United States"}
    assert [source["id"] for source in data["sources"]] == ["guild", SOURCE_ID]
    assert data["pay"] == {
        "source": SOURCE_ID,
        "columns": list(PAY_COLUMNS),
        "groups": {
            "gardener": [
                [
                    *(2024, country, experience, mode, records),
                    *[50_000] * 14,
                    *(None, None, 50_000, 50_000),
                ]
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
    new = imported(tmp_path, data)
    assert new["countries"] == {"DE": "Deutschland"}


def test_data_set_without_pay_gets_pay(tmp_path: Path) -> None:
    data = changed(DATASET, "pay", value=None)
    del data["places"]
    new = imported(tmp_path, data)
    assert len(pay_groups(new)) == 8
    assert new.keys() == data.keys()


def test_second_import_replaces_the_first(tmp_path: Path) -> None:
    first = imported(tmp_path)
    second = imported(tmp_path, first)
    assert second == first


def test_cited_source_of_the_old_pay_is_kept(tmp_path: Path) -> None:
    data = changed(DATASET, "roles", 0, "salary", "source", value="almanac")
    new = imported(tmp_path, data)
    assert new["sources"][:2] == DATASET["sources"]
    assert [source["id"] for source in new["sources"][2:]] == [SOURCE_ID]


def test_other_sources_are_unchanged(tmp_path: Path) -> None:
    data: Any = copy.deepcopy(DATASET)
    cited = {**data["sources"][0], "id": "imported-records"}
    uncited = {**data["sources"][0], "id": "elsewhere"}
    data["sources"] += [cited, uncited]
    data["roles"][0]["salary"]["source"] = "imported-records"
    new = imported(tmp_path, data)
    assert cited in new["sources"]
    assert uncited in new["sources"]
    assert new["sources"][-1]["id"] == "imported-records-2"
    ids = {source["id"] for source in new["sources"]}
    assert data["pay"]["source"] not in ids


def _figures(part: str, source: str) -> dict[str, Any]:
    """Return a part of a data set that cites a source."""
    amounts = {"p25": 30_000, "median": 40_000, "p75": 50_000}
    row = {"role": "gardener", "source": source, "records": 20, **amounts}
    others = dict.fromkeys(("occupation", "employment", "mean", "p10", "p90"))
    index = {"source": source, "region": "DE"}
    points = {"sector": "x", "base": "x", "points": {"2024-01-31": 1.0}}
    industry = {"code": "1", "title": "x", "source": source, "median": 1, "rows": []}
    parts: dict[str, Any] = {
        "national": [{**row, **others, "period": "2024"}],
        "seniority": [{**row, "seniority": "senior"}],
        "prices": {**index, "months": {"2024-01": 1.0}},
        "occupations": {"source": source, "titles": {}, "roles": {}},
        "employers": {"source": source, "columns": list(EMPLOYER_COLUMNS),
                      "metros": {}, "tables": [], "titles": {}},
        "skills": {"source": source, "columns": ["technology", "category", "hot"],
                   "tables": []},
        "outlook": {"postings": {**index, **points}},
        "industries": {"columns": list(INDUSTRY_COLUMNS), "tables": [industry]},
    }  # fmt: skip
    return {part: parts[part]}


@pytest.mark.parametrize(
    "part",
    ["national", "seniority", "prices", "occupations", "industries", "outlook",
     "skills", "employers"],
)  # fmt: skip
def test_source_of_the_old_pay_is_kept_for_other_figures(
    part: str, tmp_path: Path
) -> None:
    assert DATASET["pay"]
    old = DATASET["pay"]["source"]
    data: Any = {**DATASET, **_figures(part, old)}
    assert validation_errors(data) == []
    new = imported(tmp_path, data)
    assert [each["id"] for each in new["sources"]] == ["guild", old, SOURCE_ID]
    assert validation_errors(new) == []


def test_sources_of_the_bundled_tables_are_kept(tmp_path: Path) -> None:
    data = load().content
    records = repeat(10, job_title="Data Scientist")
    new = imported(tmp_path, data, records=records)
    assert data["tables"] == list(TABLES)
    # These are of the pay that is replaced.
    replaced = {"local_pay", "range_ends"}
    assert new["tables"] == [name for name in TABLES if name not in replaced]
    local: Any = {"columns": list(PAY_COLUMNS), "groups": {}, "few": {}}
    path = write_csv(tmp_path / "own.csv", repeat(10))
    assert "local_pay" not in import_records({**DATASET, "local_pay": local}, path)[0]
    kept = [each for each in data["sources"] if each["id"] != "aijobs-salary-index"]
    assert new["sources"][:-1] == kept
    assert new["sources"][-1]["id"] == SOURCE_ID


def test_given_source_is_used(tmp_path: Path) -> None:
    source: Source = {**DATASET["sources"][0], "records": 10}
    data = imported(tmp_path, DATASET, source=source)
    # It replaces the source of the same id, which other figures cite.
    assert data["sources"] == [source]
    assert data["pay"]
    assert data["pay"]["source"] == "guild"


def test_source_describes_the_records(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", [*repeat(10), record(work_year="2199")])
    data, _ = import_records(DATASET, path, Settings(employment=("FT", "CT")))
    source = data["sources"][-1]
    # The year 2199 has too few records for a group.
    assert source["updated"] == "2024"
    assert (source["kind"], source["sha256"]) == ("records", [])
    assert source["method"].endswith("Employment types: CT, FT.")
