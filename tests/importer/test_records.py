from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.errors import DataError, MlrolesError, UsageError
from mlroles.extras.importer.database import SQL
from mlroles.extras.importer.pay import import_records
from mlroles.extras.importer.reading import Settings
from mlroles.extras.importer.records import group_records
from mlroles.extras.importer.values import parse_pay
from mlroles.money import parse_amount
from tests.conftest import FULL, TINY, changed, run
from tests.importer.records_file import (
    COLUMNS,
    DATASET,
    PAY,
    RANGE_HEADERS,
    REPEATED,
    convert_to_parquet,
    import_pay,
    pay_groups,
    range_record,
    record,
    repeat,
    run_import,
    varied_records,
    write_csv,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

ALL_COLUMNS = ", ".join(COLUMNS)
WITHOUT_PAY = [column for column in COLUMNS if column != "salary_in_usd"]
WITHOUT_TITLE = [column for column in COLUMNS if column != "job_title"]


def pay_of(path: Path | str | list[str], **options: Any) -> Any:
    paths = path if isinstance(path, list) else str(path)
    data, _ = import_records(DATASET, paths, **options)
    return data["pay"]


def notes(path: str) -> list[str]:
    """Return the notes on records, without the one on identical ones."""
    return [note for note in import_records(DATASET, path)[1] if REPEATED not in note]


# Values


def test_titles_beyond_ascii_are_matched(tmp_path: Path) -> None:
    data = changed(DATASET, "roles", 0, "title", value="Straßenfeger")
    titles = ["Straßenfeger", "STRASSENFEGER", "straßen\N{NO-BREAK SPACE}feger"] * 4
    records = [record(job_title=title) for title in titles]
    new, _ = import_records(data, write_csv(tmp_path / "pay.csv", records))
    assert pay_groups(new)[0]["records"] == len(records)


def test_titles_are_matched_with_any_unicode_space(tmp_path: Path) -> None:
    spaces = [char for char in map(chr, range(0x110000)) if char.isspace()]
    records = [record(job_title=f"green{space}thumb") for space in spaces]
    data, _ = import_records(DATASET, write_csv(tmp_path / "pay.csv", records))
    assert pay_groups(data)[0]["records"] == len(spaces)


def test_codes_and_names_are_matched_in_any_case(tmp_path: Path) -> None:
    records = repeat(
        10, employment_type="ft", experience_level="Senior", company_location="de"
    )
    path = write_csv(tmp_path / "pay.csv", records)
    expected = pay_of(write_csv(tmp_path / "default.csv", repeat(10)))
    assert pay_of(path) == expected
    assert pay_of(path, settings=Settings(employment=("ft",))) == expected


def test_amounts_are_read_as_people_write_them(tmp_path: Path) -> None:
    written = [
        *["120,000", "$120,000", "120k", "$120K", "0.12m", "120_000", "120000.00"],
        *["USD 120000", "120,000.00 usd", " $ 120,000 ", "120000.", "1.2e5"],
        *["US$120,000", "120 000", "120'000", "120.000,00 $", "$120K/yr", "1,20,000"],
        *["120,000 per year", "$10,000 a month", "$115K-$125K (Glassdoor est.)"],
        "Employer Provided Salary:$115K - $125K",
    ]
    data = changed(DATASET, "currency", value="USD")
    records = [record(salary_in_usd=pay) for pay in written]
    new, notes = import_records(data, write_csv(tmp_path / "pay.csv", records))
    assert notes[0] == f"{len(written)} records read, {len(written)} used, 0 skipped"
    (group, *_) = pay_groups(new)
    assert {group["p5"], group["mean"], group["p95"]} == {120_000}


def offered(text: str) -> Decimal | None:
    """Return the amount of an offer, or None if it is not one."""
    try:
        return Decimal(str(parse_amount(text)))
    except UsageError:
        return None


AMOUNTS = st.one_of(
    st.from_regex(
        r"[$€£]?[1-9][0-9]{0,2}([,_][0-9]{3}){0,2}(\.[0-9]{1,2})? ?[kKmM]?",
        fullmatch=True,
    ),
    st.from_regex(r"(USD|usd)? ?[0-9,]{1,7}(\.[0-9]{2})? ?(USD|\$)?", fullmatch=True),
)


@given(AMOUNTS.filter(lambda text: not {*",_"} <= {*text}))
def test_amounts_of_offers_mean_the_same(text: str) -> None:
    expected = offered(text)
    pay = parse_pay(text)
    # No more fits.
    if expected and expected <= 10**13:
        assert pay.low == pay.high == int(expected * 100)
        assert pay.currency in {None, "USD", "$"}


SKIPPED_PAY = {
    "missing pay": ["-1", "0", "N/A", "Not disclosed"],
    "ambiguous pay": ["165.000", "165.000 EUR"],
    "pay in another currency": ["50000 SEK", "CHF 50,000"],
    "impossible pay": ["100000000.01", "165", "60k to 50k", "999.99"],
    "missing or impossible year": ["1e400", "2024.5", "2025.6", "nan"],
    "unreadable pay": ["$50,000 in EUR", "(empty)", "up to 50k"],
}
SKIPPED_RANGES = {
    "missing pay": [("", "50000"), ("0", "60000")],
    "ambiguous pay": [("50000", "165.000")],
    "pay in another currency": [("CHF 50000", "60000")],
    "impossible pay": [
        ("-50000", "50000"), ("50000", "100000000.01"), ("60000", "50000"),
        ("999.99", "50000"),
    ],
    "unreadable pay": [("50000", "inf"), ("much", "50000")],
}  # fmt: skip


@pytest.mark.parametrize("headers", [COLUMNS, RANGE_HEADERS], ids=["pay", "ranges"])
def test_impossible_pay_and_years_are_skipped(
    headers: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Notes have all values, not only two.
    monkeypatch.setitem(SQL, "reasons", SQL["reasons"].replace("[:2]", ""))
    if headers is COLUMNS:
        records = repeat(10)
        expected = SKIPPED_PAY
        for reason, texts in expected.items():
            name = "work_year" if reason.endswith("year") else PAY
            records += [record(**{name: text}) for text in texts] * 3
    else:
        records, expected = [range_record(50_000, 50_000)] * 10, {}
        for reason, ranges in SKIPPED_RANGES.items():
            records += [range_record(*each) for each in ranges] * 3
            expected[reason] = [" to ".join(t or "(empty)" for t in e) for e in ranges]
    skipped = 3 * sum(map(len, expected.values()))
    found = notes(write_csv(tmp_path / "pay.csv", records, headers))
    # What to do about some of them follows.
    assert [note.partition(". ")[0] for note in found] == [
        f"{skipped + 10} records read, 10 used, {skipped} skipped",
        *(
            f"skipped {3 * len(texts)}: {reason}, such as {' and '.join(texts)}"
            for reason, texts in expected.items()
        ),
    ]


def test_most_frequent_values_are_the_examples(tmp_path: Path) -> None:
    counts = {"Cook": 2, "Baker": 3, "Waiter": 3, "Host": 1}
    others = [record(job_title=title) for title, n in counts.items() for _ in range(n)]
    path = write_csv(tmp_path / "pay.csv", [*repeat(10), *others])
    assert notes(path)[1] == "skipped 9: other job title, such as Baker and Waiter"


# Files


@pytest.mark.compat
def test_csv_dialects_and_parquet_give_the_same_pay(tmp_path: Path) -> None:
    plain = tmp_path / "pay.csv"
    records = [
        record(salary_in_usd=f"{40_000 + 137 * n}.{n:02}", remote_ratio=ratio)
        for n in range(40)
        for ratio in ("0", "50", "100")
    ]
    write_csv(plain, [*records, record(salary_in_usd="")])
    text = plain.read_text(encoding="utf-8")
    expected = pay_of(plain)
    assert len(expected["groups"]["gardener"]) == 4 * 4
    rows = list(csv.DictReader(io.StringIO(text)))
    numbered = [row | {"work_year": int(row["work_year"])} for row in rows]
    contents = {
        "pay.csv.gz": gzip.compress(text.encode()),
        "marked.csv": text.encode("utf-8-sig"),
        "semicolons.csv": text.replace(",", ";").encode(),
        "quoted.csv": text.replace("Gardener", '"Gardener"').encode(),
        "pay.tsv": text.replace(",", "\t").encode(),
        "pay.jsonl": "\n".join(map(json.dumps, rows)).encode(),
        "pay.ndjson.gz": gzip.compress("\n".join(map(json.dumps, numbered)).encode()),
        "pay.json": json.dumps(rows).encode(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        assert pay_of(tmp_path / name) == expected, name
    types = dict.fromkeys(COLUMNS, "varchar")
    types |= {"work_year": "smallint", "salary_in_usd": "double"}
    # Some programs store integers with missing values as doubles.
    for kind in ("utinyint", "double"):
        parquet = convert_to_parquet(str(plain), types | {"remote_ratio": kind})
        assert pay_of(parquet) == expected


def test_ranges_of_csv_and_parquet_give_the_same_pay(tmp_path: Path) -> None:
    records = [
        range_record(f"{40_000 + 137 * n}.{n:02}", 60_000 + 99 * n) for n in range(40)
    ]
    path = write_csv(tmp_path / "pay.csv", records, RANGE_HEADERS)
    types = dict.fromkeys(RANGE_HEADERS, "varchar")
    types |= {"salary_min_in_usd": "double", "salary_max_in_usd": "integer"}
    expected = pay_of(path)
    assert expected["groups"]["gardener"][0][-4:-2] == [42_672, 61_931]
    assert pay_of(convert_to_parquet(path, types)) == expected


def test_quotes_are_parsed_where_only_late_records_have_them(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    write_csv(path, repeat(30_000, job_title="Cook"))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(repeat(10))
        csv.writer(file).writerow(record(job_title='"Head", of Gardens'))
    assert notes(str(path)) == [
        "30,011 records read, 10 used, 30,001 skipped",
        'skipped 30,001: other job title, such as Cook and "Head", of Gardens',
    ]


def test_number_signs_do_not_start_comments(tmp_path: Path) -> None:
    records = [(sign + str(n), *record()) for n in range(15) for sign in ("#", "")]
    path = write_csv(tmp_path / "pay.csv", records, ["id", *COLUMNS])
    assert notes(path) == ["30 records read, 30 used, 0 skipped"]


def test_several_files_and_patterns_are_read(tmp_path: Path) -> None:
    for name, count in (("a1.csv", 4), ("a2.csv", 5), ("b.csv", 3), ("c.txt", 7)):
        write_csv(tmp_path / name, repeat(count))
    (tmp_path / "a3.csv").mkdir()
    headers = [*COLUMNS[::-1]]
    other = [tuple(reversed(record(salary_in_usd="60,000")))] * 2
    lines = convert_to_parquet(
        write_csv(tmp_path / "d.csv", other, headers), dict.fromkeys(COLUMNS, "varchar")
    )
    names = [f"{tmp_path}/a*.csv", f"{tmp_path}/b.csv", f"{tmp_path}/*.csv", lines]
    data, messages = import_records(DATASET, names)
    # d.csv and d.parquet are two files; the others count once.
    assert messages[0] == "16 records read, 16 used, 0 skipped"
    assert pay_groups(data)[0]["p95"] == 60_000


def test_no_files_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=re.escape(f"no file matches {tmp_path}/*.csv")):
        import_records(DATASET, f"{tmp_path}/*.csv")
    with pytest.raises(UsageError, match="RECORDS must be the names of files"):
        import_records(DATASET, [])


def test_rare_keys_of_json_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "pay.jsonl"
    row = json.dumps(dict(zip(COLUMNS, record(), strict=True)))
    others = [f'{{"key{n}": {n}}}' for n in range(500)]
    path.write_text("\n".join([*others, *[row] * 10]), encoding="utf-8")
    assert notes(str(path))[0] == "510 records read, 10 used, 500 skipped"


def test_invalid_file_of_several_is_named(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", repeat(10))
    second = tmp_path / "b.csv"
    second.write_bytes(b"")
    with pytest.raises(DataError) as raised:
        import_records(DATASET, [first, str(second)])
    assert raised.value.messages == (f"cannot read {second}: empty file",)


def test_columns_of_each_file_are_its_own(tmp_path: Path) -> None:
    first = [("Gardener", "EUR", "40,000", "9")] * 10
    second = [("gardener", "Germany", "EUR 4000", "month", "50", "2024")] * 10
    third = [range_record(50_000, 60_000, work_year="2025")] * 10
    files = [
        write_csv(tmp_path / "a.csv", first, ("Title", "Curr", "Salary", "Base")),
        write_csv(
            tmp_path / "b.csv",
            second,
            ("job_title", "country", "base_pay", "period", "remote_ratio", "Year"),
        ),
        write_csv(tmp_path / "c.csv", third, RANGE_HEADERS),
    ]
    output = tmp_path / "new.json"

    def found() -> dict[tuple[Any, ...], tuple[Any, ...]]:
        groups = json.loads(output.read_text(encoding="utf-8"))["pay"]["groups"]
        return {
            tuple(group[:4]): (group[10], *group[-4:-2]) for group in groups["gardener"]
        }

    import_pay(*files[1:], output=output)
    assert found() == {
        (2024, None, None, None): (48_000, None, None),
        (2024, None, None, "hybrid"): (48_000, None, None),
        (2024, "DE", None, None): (48_000, None, None),
        (2024, "DE", None, "hybrid"): (48_000, None, None),
        # Records of a range have ends; those of a file without any have none.
        **{
            (2025, country, level, mode): (55_000, 50_000, 60_000)
            for country in (None, "DE")
            for level in (None, "senior")
            for mode in (None, "on-site")
        },
    }
    # A header that only some files have is used there.
    result = run_import(*files[:2], "--map", "pay=Base", output=output)
    assert "20 records read, 10 used" in result.stderr
    assert "impossible pay, such as 9." in result.stderr
    result = run_import(*files[:2], "--map", "pay=Bonus", output=output)
    assert result.exit_code == 2
    assert (
        f"{files[0]}, and no other file, has no header 'Bonus'. Its headers are: Title,"
    ) in result.stderr


def test_notes_of_many_files_are_few(tmp_path: Path) -> None:
    for number in range(6):
        headers = ("title", "pay", f"x{number // 2}", *["year"] * (number > 3))
        rows = [("Gardener", "€40k", "1", *["2025"] * (number > 3))] * 5
        write_csv(tmp_path / f"{number}.csv", rows, headers)
    found = notes(f"{tmp_path}/*.csv")
    first = f"{tmp_path}/0.csv"
    assert f"{first} and 3 other files: title from 'title', pay from 'pay'" in found
    assert len([note for note in found if "title from" in note]) == 2
    (undated,) = (note for note in found if "no year" in note)
    assert undated.startswith(f"{first} and 3 other files: no year: the date of")
    shown = run("import", str(tmp_path / "0.csv"), str(tmp_path / "1.csv"), "--dry-run")
    assert f"{first} and 1 other file  header" in " ".join(shown.stdout.split(" "))


def test_files_of_one_header_are_read_together(tmp_path: Path) -> None:
    for number in range(60):
        path = tmp_path / f"{number}.csv"
        write_csv(path, repeat(3, salary_in_usd=f"{number + 50}000"))
        if number % 3 == 0:
            convert_to_parquet(str(path), dict.fromkeys(COLUMNS, "varchar"))
        if number % 3 == 1:
            with path.open(encoding="utf-8") as file:
                rows = json.dumps(list(csv.DictReader(file)))
            path.with_suffix(".json").write_text(rows, encoding="utf-8")
        if number % 3 < 2:
            path.unlink()
    files = f"{tmp_path}/*.*"
    grouped = group_records(DATASET, files, Settings())
    assert grouped.summary == "180 records read, 180 used, 0 skipped"
    assert grouped.groups[0]["p50"] == 79_500
    assert [(each.name, each.files) for each in grouped.files] == [
        (f"{tmp_path}/{first}", 20) for first in ("0.parquet", "1.json", "11.csv")
    ]
    # One of them has a bad line: all of its others count.
    with (tmp_path / "2.csv").open("a", encoding="utf-8") as file:
        file.write("Gardener\n")
    assert notes(files) == [
        "181 records read, 180 used, 1 skipped",
        "skipped 1: line without the columns of the header",
    ]
    for name, kind in (("1.json", "JSON"), ("3.parquet", "Parquet")):
        path = tmp_path / name
        content = path.read_bytes()
        # The beginning is valid.
        path.write_bytes(content[:-40] + b'"\xff' * 10 + content[-20:])
        with pytest.raises(DataError) as raised:
            import_records(DATASET, files)
        text = f"cannot read {path}: not a valid {kind} file"
        assert raised.value.messages == (text,)
        path.write_bytes(content)


def test_file_names_are_not_patterns(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay[1].csv", repeat(11))
    write_csv(tmp_path / "pay1.csv", repeat(12))
    assert pay_of(path)["groups"]["gardener"][0][4] == 11


def test_leading_tilde_is_not_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "~pay.csv", repeat(10))
    assert notes("~pay.csv") == ["10 records read, 10 used, 0 skipped"]


def test_folder_names_are_not_values(tmp_path: Path) -> None:
    folder = tmp_path / "company_location=CA" / "work_year=1999"
    folder.mkdir(parents=True)
    path = write_csv(folder / "pay.csv", repeat(10))
    parquet = convert_to_parquet(path, dict.fromkeys(COLUMNS, "varchar"))
    expected = pay_of(write_csv(tmp_path / "default.csv", repeat(10)))
    assert pay_of(path) == pay_of(parquet) == expected


# Headers


@pytest.mark.parametrize("extension", ["csv", "parquet", "jsonl"])
def test_headers_are_matched_in_any_case(extension: str, tmp_path: Path) -> None:
    headers = ["Work_Year", "EXPERIENCE LEVEL", "Employment-Type", "Name", *COLUMNS[4:]]
    path = write_csv(tmp_path / "pay.csv", repeat(10), headers)
    if extension == "parquet":
        types = {f'"{header}"': "varchar" for header in headers}
        path = convert_to_parquet(path, types)
    elif extension == "jsonl":
        rows = [dict(zip(headers, row, strict=True)) for row in repeat(10)]
        (tmp_path / "pay.jsonl").write_text("\n".join(map(json.dumps, rows)))
        path = str(tmp_path / "pay.jsonl")
    new = pay_of(path, settings=Settings({"title": "NAME"}))
    assert new["groups"]["gardener"][0][4] == 10


def test_standard_headers_take_precedence(tmp_path: Path) -> None:
    headers = ["Title", *COLUMNS]
    path = write_csv(tmp_path / "pay.csv", [("Cook", *record())] * 10, headers)
    assert notes(path) == [
        "10 records read, 10 used, 0 skipped",
        f"{path}: title is 'job_title', not 'Title'",
    ]


def test_mapped_columns_take_precedence(tmp_path: Path) -> None:
    cook = record(job_title="cook")
    paths = [
        write_csv(
            tmp_path / f"{len(first)}.csv", [(*first, *cook, *last)] * 10, headers
        )
        for first, last in ((["Gardener"], []), ([], ["Gardener"]))
        for headers in [[*["name" for _ in first], *COLUMNS, *["name" for _ in last]]]
    ]
    new = pay_of(paths, settings=Settings({"title": "name"}))
    assert new["groups"]["gardener"][0][4] == 20


def test_ranges_and_single_amounts_of_a_file_are_ambiguous(tmp_path: Path) -> None:
    records = [(*range_record(40_000, 60_000), "1234")] * 10
    headers = [*RANGE_HEADERS, "salary_in_usd"]
    path = write_csv(tmp_path / "pay.csv", records, headers)
    with pytest.raises(UsageError) as raised:
        import_records(DATASET, path)
    assert raised.value.messages == (
        f"{path}: there are single amounts, 'salary_in_usd', and ranges, "
        "'salary_min_in_usd' to 'salary_max_in_usd'. Name one of them: "
        "map='pay=salary_in_usd' or map='low=salary_min_in_usd'.",
    )
    for mapped, figures in (
        ({"pay": headers[-1]}, [10, *[1234] * 14, None, None, 1234, 1234]),
        ({"low": headers[4]}, [10, *[50_000] * 14, 40_000, 60_000, 50_000, 50_000]),
    ):
        pay = pay_of(path, settings=Settings(mapped))
        assert pay["groups"]["gardener"][0][4:] == figures


@pytest.mark.parametrize("empty", ["single", "range", "one end"])
def test_pay_without_values_is_not_ambiguous(empty: str, tmp_path: Path) -> None:
    ends = {"single": ("40000", "60000"), "range": ("", ""), "one end": ("", "1")}[
        empty
    ]
    single = "" if empty == "single" else "50000"
    records = [(*range_record(*ends), single)] * 10
    headers = [*RANGE_HEADERS, "salary_in_usd"]
    if empty == "one end":
        headers[4] = "unrelated"
    path = write_csv(tmp_path / "pay.csv", records, headers)
    assert pay_of(path)["groups"]["gardener"][0][5] == 50_000
    assert any("not used: 'salary" in note for note in notes(path))


@pytest.mark.parametrize(
    ("headers", "mapped", "message"),
    [
        (WITHOUT_TITLE, {}, "no header names the title. Its headers are: work_year, "),
        ("ab", {}, "no header names the title and the pay. Its headers are: a, b."),
        (COLUMNS, {"title": "titel"}, "has no header 'titel'. Its headers are: work_y"),
        ([*WITHOUT_PAY, "salary_max_in_usd"], {}, "no header names the low. Its "),
        ([*WITHOUT_TITLE, "raw_title"], {}, "no header names the title. Its headers "),
        (["a\x1b[2J", "b\u202e"], {}, "no header names the title and the pay. Its "),
        ([*WITHOUT_TITLE, "Title", "Position"], {},
         "'Title' and 'Position' may each be the title. Name one: map='title=Ti"),
        ([*WITHOUT_PAY, "Annual salary ($)", "Gehalt"], {},
         "'Annual salary ($)' and 'Gehalt' may each be the pay. Name one: "
         "map=\"'pay=Annual salary ($)'\"."),
        ([*WITHOUT_PAY, "Annual salary", "Gehalt"], {},
         "'Annual salary' and 'Gehalt' may each be the pay. Name one: "
         "map='pay=\"Annual salary\"'."),
        ([*WITHOUT_PAY, "It's (the) $alary", "It's an annual salary", "my salary"], {},
         "\"It's an annual salary\" and 'my salary' may each be the pay. Name one: "
         "map='pay=\"It\\'s an annual salary\"'."),
    ],
)  # fmt: skip
def test_missing_and_ambiguous_columns_are_reported(
    headers: Sequence[str], mapped: dict[str, str], message: str, tmp_path: Path
) -> None:
    cells = tuple("1" * len(headers))
    path = write_csv(tmp_path / "pay.csv", [cells] * 10, headers)
    if headers is WITHOUT_TITLE:
        types = {f'"{header}"': "varchar" for header in headers}
        path = convert_to_parquet(path, types)
    with pytest.raises(UsageError) as raised:
        import_records(DATASET, path, settings=Settings(mapped))
    (text,) = raised.value.messages
    assert text.removeprefix(path).lstrip(": ").startswith(message)
    assert text.isprintable()


# Requirements


@pytest.mark.parametrize("module", ["duckdb", "pycountry"])
def test_missing_extra_is_reported(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    project = (TINY.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    (requirement,) = re.findall(r'"(duckdb[^"]+)"', project)
    with pytest.raises(MlrolesError) as raised:
        import_records(DATASET, path)
    assert raised.value.messages == (
        "import requires DuckDB and pycountry. Install them with: "
        f"pip install '{requirement}' pycountry",
    )


def test_missing_temporary_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_options: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    path = write_csv(tmp_path / "pay.csv", repeat(10))
    monkeypatch.setattr("tempfile.TemporaryDirectory", fail)
    with pytest.raises(MlrolesError) as raised:
        import_records(DATASET, path)
    assert raised.value.messages == (
        "import requires a temporary folder: no usable temporary directory found",
    )


def test_memory_is_limited_and_temporary_files_are_not_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: list[str] = []
    connect = duckdb.connect

    def connect_and_record() -> Any:
        db = connect()
        execute = db.execute

        class Recorder:
            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_exception: object) -> None:
                for name in ("memory_limit", "temp_directory"):
                    setting = f"select current_setting('{name}')"
                    settings.extend(execute(setting).fetchone() or ())
                db.close()

            def __getattr__(self, name: str) -> Any:
                return getattr(db, name)

        return Recorder()

    monkeypatch.setattr(duckdb, "connect", connect_and_record)
    monkeypatch.chdir(tmp_path)
    import_records(DATASET, write_csv(tmp_path / "pay.csv", repeat(10)))
    memory, folder = settings
    assert memory == "1.3 GiB"
    assert folder.startswith(tempfile.gettempdir())
    assert not os.path.exists(folder)  # noqa: PTH110 - DuckDB gives a text
    assert [path.name for path in tmp_path.iterdir()] == ["pay.csv"]


# Progress and interruption


@pytest.fixture
def frequent_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report progress immediately, however fast the records are read."""
    monkeypatch.setattr("mlroles.extras.importer.database._PROGRESS_INTERVAL", 0.0)


@pytest.mark.compat
@pytest.mark.usefixtures("frequent_progress")
def test_progress_is_reported(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(20_000))
    reports: list[tuple[str, float]] = []

    def report(description: str, share: float) -> None:
        reports.append((description, share))

    with_progress = import_records(DATASET, path, progress=report)
    assert with_progress == import_records(DATASET, path)
    descriptions = {description for description, _ in reports}
    assert descriptions == {"reading records", "grouping records"}
    assert all(0 <= share <= 1 for _, share in reports)


class FakeConnection:
    """A connection to DuckDB that finds all columns and cannot read the records."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass

    def execute(self, query: str, _values: object = None) -> Self:
        if "copy (" in query or query.startswith("describe"):
            self.read_records()
        return self

    def read_records(self) -> None:
        raise NotImplementedError

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [COLUMNS]


class EndlessConnection(FakeConnection):
    """Reads until it is interrupted, and does not know its progress."""

    def __init__(self) -> None:
        self.interrupted = threading.Event()

    def read_records(self) -> None:
        self.interrupted.wait(60)

    def query_progress(self) -> float:
        return -1.0

    def interrupt(self) -> None:
        self.interrupted.set()


class FullConnection(FakeConnection):
    """Runs out of memory or disk space."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def read_records(self) -> None:
        raise self.error


@pytest.mark.usefixtures("frequent_progress")
def test_interrupt_stops_the_running_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_description: str, share: float) -> None:
        assert share == 0
        raise KeyboardInterrupt

    connection = EndlessConnection()
    monkeypatch.setattr(duckdb, "connect", lambda: connection)
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    with pytest.raises(KeyboardInterrupt):
        import_records(DATASET, path, progress=interrupt)
    assert connection.interrupted.is_set()


@pytest.mark.parametrize(
    "error",
    [
        duckdb.OutOfMemoryException("failed to offload data block"),
        duckdb.IOException('Could not write to "x.parquet": No space left on device'),
        duckdb.IOException('Could not write file "x.parquet": File too large'),
        OSError(28, "No space left on device"),
    ],
    ids=["memory", "disk", "limit", "system"],
)
def test_lack_of_memory_and_disk_space_is_reported(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    parquet = convert_to_parquet(path, dict.fromkeys(COLUMNS, "varchar"))
    monkeypatch.setattr(duckdb, "connect", lambda: FullConnection(error))
    for name in (path, parquet):
        with pytest.raises(MlrolesError) as raised:
            import_records(DATASET, name)
        assert raised.value.messages == (
            "not enough memory or temporary disk space for the import",
        )


def test_unexpected_errors_are_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SQL, "sizes", "select nothing")
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    with pytest.raises(duckdb.BinderException):
        import_records(DATASET, path)


# Memory


@pytest.mark.parametrize(
    ("headers", "most"),
    [(COLUMNS, 0), (RANGE_HEADERS, 700)],
    ids=["by year", "ranges by role"],
)
def test_large_files_give_the_same_pay_as_small_ones(
    headers: Sequence[str], most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "pay.csv", varied_records(headers), headers)
    reports: list[tuple[str, float]] = []
    expected = import_records(DATASET, path)
    monkeypatch.setattr("mlroles.extras.importer.records._MAX_BATCH", most)
    monkeypatch.setattr("mlroles.extras.importer.database._PROGRESS_INTERVAL", 0.0)
    found = import_records(DATASET, path, progress=lambda *each: reports.append(each))
    assert found == expected
    assert len(pay_groups(found[0])) > 100
    shares = [share for name, share in reports if name == "grouping records"]
    assert max(shares) <= 1


def test_temporary_folder_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "it's [1] *"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert pay_of(write_csv(tmp_path / "pay.csv", repeat(10)))
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not FULL, reason="requires CI_FULL=1")
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")
def test_memory_is_bounded(tmp_path: Path) -> None:
    # Without a limit, the amounts of 3 million records, of 8 bytes each, are in eight
    # groups five times.
    query = """copy (
        select 2020 + n % 3 as work_year, 'SE' as experience_level,
               'FT' as employment_type, 'Data Scientist' as job_title,
               40000 + n % 1000003 / 100 as salary_min_in_usd,
               90000 + n % 1000003 / 100 as salary_max_in_usd,
               'US' as company_location, 0 as remote_ratio
        from range(3000000) as numbers(n)
    ) to '{}' (format parquet)"""
    path = tmp_path / "pay.parquet"
    duckdb.execute(query.format(path))
    limit = 700 * 2**20
    script = (
        "import resource, sys; from mlroles.extras.importer import database, records; "
        "database._MEMORY_LIMIT = '300MB'; records._MAX_BATCH = 100_000; "
        "from mlroles.extras.importer.pay import import_records; "
        "from mlroles import load; "
        "import_records(load().content, sys.argv[1]); "
        "print(1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peak = int(subprocess.check_output([sys.executable, "-c", script, str(path)]))
    assert peak < limit
