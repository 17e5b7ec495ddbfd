"""Charts as SVG files."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def picture(file: Path) -> ET.Element:
    """Return the root of a saved chart."""
    return ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own


def text_of(file: Path) -> str:
    """Return the text of a saved chart."""
    return "".join(picture(file).itertext()).replace("\xa0", " ")


@pytest.mark.parametrize(
    "command", ["compare", "locations -n 5", "salary --by experience", "salary dle"]
)
def test_chart_is_saved(command: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.SVG"
    result = run(*command.split(), "--save-chart", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"note: wrote {file}\n")
    svg = file.read_text(encoding="utf-8")
    words = text_of(file)
    on_screen = run(*command.split(), "--chart").stdout
    for word in on_screen.split("\n", maxsplit=1)[0].split():
        assert word in words
    # The picture loads nothing from elsewhere.
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert run(*command.split(), "--save-chart", str(file)).exit_code == 0
    assert file.read_text(encoding="utf-8") == svg


def test_chart_and_save_chart_only_save(tmp_path: Path) -> None:
    both, one = tmp_path / "both.svg", tmp_path / "one.svg"
    result = run("compare", "--chart", "--save-chart", str(both))
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("compare", "--save-chart", str(one)).exit_code == 0
    assert both.read_bytes() == one.read_bytes()


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    file = str(tmp_path / "no" / "chart.svg")
    result = run("compare", "--save-chart", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: cannot write {file}: no such folder\n"


def test_read_only_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    file.write_text("<svg/>")
    file.chmod(0o444)
    result = run("compare", "--save-chart", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: cannot write {file}: the file is read-only\n"
    assert file.read_text() == "<svg/>"


def test_symbolic_link_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.svg"
    link.symlink_to(tmp_path / "nothing.svg")
    result = run("compare", "--save-chart", str(link))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: {link} is a symbolic link. Name its target.\n"


def test_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder.svg"
    folder.mkdir()
    result = run("compare", "--save-chart", str(folder))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: cannot write {folder}: not a regular file\n"


@pytest.mark.parametrize("name", ["x.png", "b.PDF", "svg", "chart.svg.txt", "", "-"])
def test_other_file_names_are_usage_errors(name: str, tmp_path: Path) -> None:
    file = str(tmp_path / name) if name else ""
    result = run("compare", "ds", "--save-chart", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --save-chart writes SVG: FILE must end in .svg.\n"
    assert list(tmp_path.iterdir()) == []


def test_two_files_are_a_usage_error(tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("a.svg", "b.svg")]
    result = run("compare", "--save-chart", files[0], "--save-chart", files[1])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --save-chart was given more than once.\n"
    assert list(tmp_path.iterdir()) == []


def test_chart_takes_no_value() -> None:
    result = run("compare", "--chart=out.svg")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: option '--chart' does not take a value.")


@pytest.mark.parametrize("style", ["json", "csv", "markdown"])
def test_saved_chart_has_no_other_format(style: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    result = run("compare", "--save-chart", str(file), "-f", style)
    assert (result.exit_code, result.stdout) == (2, "")
    name = "pipe" if style == "markdown" else style
    assert result.stderr == f"error: a chart cannot be written as {name}.\n"
    assert not file.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<html></html>",
        "<?xml version='1.0'?><x/>",
        "a <svg",
        "[1]",
        "<?xml version='1.0'?><html><svg/></html>",
        "<?xml version='1.0' encoding='shift_jis'?><svg/>",
        "<?xml version='1.0' encoding='nonsense'?><svg/>",
    ],
)
def test_file_of_another_kind_is_kept(content: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.svg"
    file.write_text(content, encoding="utf-8")
    result = run("compare", "--save-chart", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: {file} exists and is not an SVG picture. Name another file.\n"
    )
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize("count", [60, 100_000])
def test_file_of_comments_is_refused_quickly(count: int, tmp_path: Path) -> None:
    # A regular expression with backtracking took exponential time.
    file = tmp_path / "comments.svg"
    content = "<!---->" * count + "no"
    file.write_text(content, encoding="utf-8")
    start = time.monotonic()
    result = run("compare", "--save-chart", str(file))
    assert time.monotonic() - start < 5
    assert (result.exit_code, result.stdout) == (1, "")
    assert "exists and is not an SVG picture" in result.stderr
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "content",
    [
        "<svg></svg>",
        "\ufeff<svg/>",
        "\n<svg/>",
        "<?xml version='1.0'?>\n<svg/>",
        "<?xml version='1.0'?><!-- drawn --><!DOCTYPE svg PUBLIC 'x' 'y'>\n<svg >",
        "<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
    ],
)
def test_svg_picture_is_replaced(content: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    file.write_text(content, encoding="utf-8")
    assert run("compare", "--save-chart", str(file)).exit_code == 0
    assert "Role" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ["A {b} & <c>", "{0}", "}"])
def test_first_line_is_the_title_of_the_picture(
    title: str, tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    tiny["roles"][0]["title"] = title
    file = tmp_path / "chart.svg"
    line = ["salary", "--by", "year", "--data", saved(tiny), "--save-chart", str(file)]
    assert run(*line).exit_code == 0
    assert (picture(file)[0].text or "").startswith(f"{title}: ")


def test_headings_are_the_title_of_a_chart_without_a_title(tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    assert run("compare", "--save-chart", str(file)).exit_code == 0
    assert picture(file)[0].text == "Role, Median"


def test_wide_characters_do_not_wrap_in_the_picture(
    tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    # A first line whose characters take two cells each is the widest line.
    title = "庭師" * 20
    tiny["roles"][0]["title"] = title
    file = tmp_path / "chart.svg"
    line = ["salary", "--by", "year", "--data", saved(tiny), "--save-chart", str(file)]
    assert run(*line).exit_code == 0
    assert f"{title}:" in text_of(file).replace("\n", "")
    rows = [
        element
        for element in picture(file).iter("{http://www.w3.org/2000/svg}text")
        if title in (element.text or "")
    ]
    assert len(rows) == 1


def test_environment_does_not_change_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "chart.svg"
    assert run("compare", "--save-chart", str(file)).exit_code == 0
    usual = file.read_text(encoding="utf-8")
    for name, value in (
        ("NO_COLOR", "1"), ("COLUMNS", "40"), ("MLROLES_FORMAT", "json"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    assert run("compare", "--save-chart", str(file), charset="ascii").exit_code == 0
    assert file.read_text(encoding="utf-8") == usual


def test_empty_result_does_not_change_the_file(tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    file.write_text("<svg/>")
    result = run("locations", "--match", "atlantis", "--save-chart", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"note: nothing to draw; {file} was not changed\n")
    assert file.read_text() == "<svg/>"
