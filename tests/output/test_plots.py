"""Charts as pictures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.extras import pictures as plots
from tests.conftest import TINY, process, refused, rows, run

if TYPE_CHECKING:
    from collections.abc import Callable

SVG = "{http://www.w3.org/2000/svg}"


def picture(file: Path) -> ET.Element:
    """Return the root of a saved chart."""
    return ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - our own


def texts_of(file: Path) -> list[str]:
    """Return the texts of a saved chart."""
    return [text.text or "" for text in picture(file).iter(f"{SVG}text")]


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., Path]:
    """Draw the answer of a command line as SVG, and return the file."""

    def drawn(*words: str, **options: Any) -> Path:
        file = tmp_path / "chart.svg"
        assert run(*words, "--output", str(file), **options).exit_code == 0
        return file

    return drawn


COMMANDS = {
    "compare": "United States: highest median for Machine",
    "compare --sort openings": "United States: most openings for",
    "locations -n 5": "Machine Learning Engineer: highest median in San Jose, CA",
    "locations ds --level state -n 2 --per hour": "Data Scientists (15-2051): highest",
    "salary --by experience": "Machine Learning Engineer: median $153,550 a year for ",
    "salary --by seniority": "Machine Learning Engineer: median $174,145 a year for ",
    "salary --by year": "Machine Learning Engineer: median $170,000 a year in ",
    "salary dle": "Deep Learning Engineer: no current pay figure",
    "salary": "Machine Learning Engineer, United States: $199,000 a year",
    "salary ds --location austin": "Data Scientists (15-2051), Austin, TX (US metro ",
    "employers ds -n 3": "Data Scientist: highest median at Roblox Corporation, ",
    "employers --by title": "Machine Learning Engineer: highest median at ",
    "industries ds -n 3": "Data Scientists (15-2051): highest median in Information",
    "offer 185k mle austin": "$185,000 a year, Machine Learning Engineer, Austin, TX: ",
    "offer 150k-170k mle austin seattle": "$150,000 to $170,000 a year, Machine ",
    "relocate 172k ds from austin to denver": "$172,000 in Austin, TX is about ",
    "relocate 60k-70k de from germany to poland -n 3": "€60,000 to €70,000 in Germany",
    "outlook": "Job postings in software development, United States: 78.1 on 25",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_svg_has_the_texts_of_the_page(command: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.SVG"
    result = run(*command.split(), "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"note: wrote {file}\n")
    svg = file.read_text(encoding="utf-8")
    title, description = picture(file)[0], picture(file)[1]
    assert (title.text or "").startswith(COMMANDS[command])
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    drawn = " ".join(texts_of(file))
    assert re.search("Sources?: ", drawn)
    on_screen = run(*command.split(), "--chart").stdout
    source = re.findall(r"Sources?:\s+(\w+)", on_screen)[-1]
    assert source in drawn
    assert source in (description.text or "")
    # Readers of a picture cannot run commands.
    assert not re.search(" --[a-z]|mlroles [a-z]", drawn)
    # The picture loads nothing from elsewhere.
    assert set(re.findall(r"https?:[^\"]*", svg)) <= {
        "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
    }  # fmt: skip


STARTS = {"png": b"\x89PNG", "svg": b"<svg ", "pdf": b"%PDF"}
SAVE = """
import sys
from mlroles.cli import app
from mlroles.cli.console import Console
for file in sys.argv[1:]:
    line = ["locations", "-n", "3", "--output", file]
    assert app.run(line, Console.of_process()) == 0
"""


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    others = [str(tmp_path / f"other.{style}") for style in STARTS]
    subprocess.run([sys.executable, "-c", SAVE, *others], check=True)
    for style, other in zip(STARTS, others, strict=True):
        file = tmp_path / f"chart.{style}"
        line = ["locations", "-n", "3", "--output", str(file)]
        assert run(*line).exit_code == 0
        first = file.read_bytes()
        assert first.startswith(STARTS[style])
        # The second time, the file is replaced.
        assert run(*line).exit_code == 0
        assert file.read_bytes() == first == Path(other).read_bytes()
        assert b"atplotlib" not in first.replace(b"matplotlib.axis", b"")


def test_a_chart_without_a_title_is_titled_by_what_it_shows(
    draw: Callable[..., Path],
) -> None:
    file = draw("compare", "dle", "nlp", "--sort", "average", "--reverse")
    assert picture(file)[0].text == "Average pay by role"


def scale_of(file: Path) -> Callable[[float], float]:
    """Return a function that gives the horizontal position of an amount."""
    scale = {
        int(text.text[1:-1]) * 1000: float(text.get("x", ""))
        for text in picture(file).iter(f"{SVG}text")
        if re.fullmatch(r"\$\d+k", text.text or "") and text.text
    }
    (low, left), *_, (high, right) = sorted(scale.items())
    return lambda amount: left + (amount - low) / (high - low) * (right - left)


def marks_of(file: Path) -> list[float]:
    """Return the horizontal positions of the diamonds of a saved chart."""
    uses = picture(file).iter(f"{SVG}use")
    return [float(u.get("x", "")) for u in uses if "b8500f" in u.get("style", "")]


@pytest.mark.parametrize(
    ("line", "amounts"),
    [
        ("offer 185k mle austin", [185_000] * 3),
        ("offer 150k-170k ds austin", [150_000, 170_000] * 3),
        ("offer 185k mle austin seattle remote", [185_000] * 3),
    ],
)
def test_offers_are_marked_at_their_amounts(
    line: str, amounts: list[float], draw: Callable[..., Path]
) -> None:
    file = draw(*line.split())
    at = scale_of(file)
    assert marks_of(file) == pytest.approx(list(map(at, amounts)), abs=0.01)


def test_places_are_bars_of_equivalents_with_their_medians(
    draw: Callable[..., Path],
) -> None:
    line = ["relocate", "172k", "mle", "from", "austin", "to", "seattle"]
    file = draw(*line)
    (row,), at = rows(*line), scale_of(file)
    medians = [row["from_median"], row["to_median"]]
    assert marks_of(file) == pytest.approx(list(map(at, medians)), abs=0.01)
    ends = [
        max(float(x) for x in re.findall(r"[ML] ([\d.]+) ", path.get("d", "")))
        for path in picture(file).iter(f"{SVG}path")
        if "a8cbea" in path.get("style", "")
    ]
    assert ends == pytest.approx([at(172_000), at(row["equivalent"])], abs=0.01)
    assert {"$149,250", "$204,240", "Median"} <= {*texts_of(file)}
    # The medians of different sources are not comparable.
    line = ["relocate", "172k", "mle", "from", "us", "to", "seattle", "germany"]
    assert len({each["source"] for each in rows(*line)}) == 2
    assert marks_of(draw(*line)) == []
    # Nor is there one of a place without pay.
    file = draw("relocate", "172k", "dle", "from", "austin", "to", "seattle")
    assert marks_of(file) == []


def test_years_are_a_line_with_bands_and_the_intervals_of_their_medians(
    draw: Callable[..., Path],
) -> None:
    file = draw("salary", "--by", "year")
    assert {"2022", "31 records", "$170,000", "Median, USD a year"} <= {*texts_of(file)}
    assert "light band: 10th to 90th percentile" in " ".join(texts_of(file))
    heights = [
        sorted(float(y) for y in re.findall(r"[ML] [\d.]+ ([\d.]+)", each.get("d", "")))
        for each in picture(file).iter(f"{SVG}path")
        if "0b3358" in each.get("style", "")
    ]
    lengths = [each[-1] - each[0] for each in heights]
    years = rows("salary", "--by", "year")
    wanted = [row["median_ci_high"] - row["median_ci_low"] for row in years]
    assert [n / sum(lengths) for n in lengths] == pytest.approx(
        [n / sum(wanted) for n in wanted], abs=0.001
    )


@pytest.mark.compat
def test_boxes_are_at_their_amounts(draw: Callable[..., Path]) -> None:
    command = ["locations", "ds", "-n", "4"]
    file = draw(*command)
    position = scale_of(file)
    paths = [
        [float(x) for x in re.findall(r"[ML] ([\d.]+) ", path.get("d", ""))]
        for path in picture(file).iter(f"{SVG}path")
    ]
    for row in rows(*command):
        for ends in ("p25", "p75"), ("p10", "p25"), ("p75", "p90"), ("median",) * 2:
            wanted = [position(row[key]) for key in ends]
            drawn = [[min(path), max(path)] for path in paths if path]
            assert any(each == pytest.approx(wanted, abs=0.01) for each in drawn), ends


def test_rows_are_labelled_with_figures_and_records(draw: Callable[..., Path]) -> None:
    texts = texts_of(draw("salary"))
    assert {
        "Advertised pay, Jan to Jul 2025 (843)", "$199,000", "Base pay, USD a year",
        "Job-site average, Aug 2022 (811)", "$110,673 (average)",
    } <= {*texts}  # fmt: skip
    assert "262,440" in " ".join(texts)
    # Records of pay are not behind the openings.
    assert "Records" not in texts_of(draw("compare", "--sort", "openings"))


def test_a_single_year_is_a_box(draw: Callable[..., Path]) -> None:
    file = draw("salary", "--by", "year", "--data", str(TINY))
    assert "2024" in texts_of(file)
    assert "Boxes: 25th to 75th percentile" in " ".join(texts_of(file))


def test_index_is_a_line_from_its_first_to_its_last_date(
    draw: Callable[..., Path],
) -> None:
    file = draw("outlook", "ds")
    months = rows("outlook", "ds", "--by", "month")
    postings = [row for row in months if row["postings_index"] is not None]
    lines = [path.get("d", "").count("L") for path in picture(file).iter(f"{SVG}path")]
    assert len(postings) - 1 in lines
    assert "Index (1 February 2020 = 100)" in texts_of(file)
    assert "1 February 2020: 100" in (picture(file)[1].text or "")


def test_many_years_are_not_labelled(
    tiny: Any, saved: Callable[[Any], str], draw: Callable[..., Path]
) -> None:
    groups = tiny["pay"]["groups"]
    (_, country, *values), *_ = groups["gardener"]
    groups["gardener"] = [[year, country, *values] for year in range(2010, 2025)]
    file = draw("salary", "--by", "year", "--country", country, "--data", saved(tiny))
    assert not any(re.fullmatch(r"[\d,]+ records", text) for text in texts_of(file))


def test_missing_matplotlib_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    error = refused("compare", "--output", str(tmp_path / "chart.png"), exit_code=1)
    assert error == (
        "error: pictures require matplotlib. Install it with: "
        "pip install 'matplotlib>=3.10.8,<4'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_settings_of_matplotlib_do_not_change_the_picture(
    tmp_path: Path, draw: Callable[..., Path]
) -> None:
    other, settings = tmp_path / "other.svg", tmp_path / "matplotlibrc"
    settings.write_text("font.size: 30\naxes.facecolor: red\n")
    process("compare", "--output", str(other), env={"MATPLOTLIBRC": str(settings)})
    assert other.read_bytes() == draw("compare").read_bytes()


def test_pictures_have_no_date(tmp_path: Path) -> None:
    files = []
    for date in ("", "soon", "1" + "0" * 30, "1700000000"):
        file = tmp_path / f"{len(date)}.pdf"
        env = {"SOURCE_DATE_EPOCH": date} if date else {}
        assert run("compare", "-o", str(file), env=env).exit_code == 0
        files.append(file.read_bytes())
    assert len(files) == 4
    assert len({*files}) == 1


LONG = ["industries", "swe", "--detail", "industry"]


def test_long_answers_are_drawn_in_part(tmp_path: Path) -> None:
    part, first = tmp_path / "part.svg", tmp_path / "first.svg"
    result = run(*LONG, "--output", str(part))
    assert (result.exit_code, result.stdout) == (0, "")
    count = len(rows(*LONG))
    assert count > 25
    note = f"note: the chart has the first 25 of {count} rows\n"
    assert result.stderr == f"{note}note: wrote {part}\n"
    exact = run(*LONG, "-n", "25", "--output", str(first))
    assert exact.stderr == f"note: wrote {first}\n"
    assert part.read_bytes() == first.read_bytes()
    on_screen = run(*LONG, "--chart")
    assert on_screen.stderr == note
    assert on_screen.stdout == run(*LONG, "-n", "25", "--chart").stdout


@pytest.mark.parametrize("most", [4, 0.2])
def test_pictures_have_a_greatest_height_for_their_width(
    most: float, draw: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlroles.extras.pictures._MAX_HEIGHT", most)
    file = draw("compare")
    width, height = (
        float(picture(file).get(key, "").removesuffix("pt"))
        for key in ("width", "height")
    )
    assert height <= 1.001 * most * width
    # Only what needs it makes a picture wider.
    assert (width == 720) == (most == 4)


RANKINGS = ["compare ds", "locations -n 1", "employers -n 1", "industries ds -n 1"]


@pytest.mark.parametrize("command", RANKINGS)
def test_one_row_of_a_ranking_is_a_table(command: str, tmp_path: Path) -> None:
    usual = run(*command.split())
    result = run(*command.split(), "--chart")
    assert (result.exit_code, result.stdout) == (0, usual.stdout)
    assert result.stderr == "note: one row is not drawn as a chart\n"
    file = tmp_path / "chart.svg"
    result = run(*command.split(), "-o", str(file))
    assert (result.exit_code, result.stdout) == (0, usual.stdout)
    assert result.stderr == (
        f"note: one row is not drawn as a chart; {file} was not changed\n"
    )
    assert not file.exists()
    text = tmp_path / "chart.txt"
    assert run(*command.split(), "--chart", "-o", str(text)).exit_code == 0
    assert text.read_text(encoding="utf-8") == usual.stdout


def test_one_range_is_drawn(tmp_path: Path) -> None:
    for line in (["salary"], ["salary", "--by", "country", "--year", "2025"]):
        result = run(*line, "-o", str(tmp_path / "chart.svg"))
        assert result.stderr == f"note: wrote {tmp_path / 'chart.svg'}\n"
        assert "not drawn" not in run(*line, "--chart").stderr


@pytest.mark.compat
@pytest.mark.parametrize("style", ["png", "pdf"])
def test_characters_without_a_glyph_are_reported(
    style: str, tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    tiny["roles"][0]["title"] = "\U0001f9d1\u5ead\u5e2b"
    file = tmp_path / f"chart.{style}"
    line = ["salary", "--by", "year", "--data", saved(tiny), "--output", str(file)]
    result = run(*line)
    assert result.exit_code == 0
    assert result.stderr.endswith(
        "note: matplotlib has no glyphs for some characters; SVG uses the viewer's "
        f"fonts\nnote: wrote {file}\n"
    )


def test_chart_with_a_picture_only_writes_it(
    tmp_path: Path, draw: Callable[..., Path]
) -> None:
    both = tmp_path / "both.svg"
    result = run("compare", "--chart", "--output", str(both))
    assert (result.exit_code, result.stdout) == (0, "")
    assert both.read_bytes() == draw("compare").read_bytes()


OTHERS = {
    "svg": [
        b"", b"<html></html>", b"<?xml version='1.0'?><x/>", b"a <svg", b"[1]",
        b"<?xml version='1.0'?><html><svg/></html>",
        b"<?xml version='1.0' encoding='shift_jis'?><svg/>",
        b"<?xml version='1.0' encoding='nonsense'?><svg/>",
        # A regular expression with backtracking would not end.
        b"<!---->" * 60 + b"no", b"<!---->" * 100_000 + b"no",
    ],
    "png": [b"", b"<svg/>", b"\x89PNG"],
    "pdf": [b"", b"%PD"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("style", "content"),
    [(style, content) for style, contents in OTHERS.items() for content in contents],
    ids=lambda each: str(each[:50]),
)
def test_file_of_another_kind_is_kept(
    style: str, content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / f"notes.{style}"
    file.write_bytes(content)
    kind = "an SVG" if style == "svg" else f"a {style.upper()}"
    assert refused("compare", "--output", str(file), exit_code=1) == (
        f"error: {file} exists and is not {kind} picture. Name another file, or use "
        "--force.\n"
    )
    assert file.read_bytes() == content


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
def test_svg_picture_is_replaced(
    content: str, tmp_path: Path, draw: Callable[..., Path]
) -> None:
    (tmp_path / "chart.svg").write_text(content, encoding="utf-8")
    assert "Median, USD a year" in texts_of(draw("compare"))


@pytest.mark.parametrize(
    "title",
    ["A {b} & <c>", "</title><script>x</script>", "$x^2$ $", "\u5ead\u5e2b" * 60],
)
def test_any_title_is_drawn_as_it_is(
    title: str, tiny: Any, saved: Callable[[Any], str], draw: Callable[..., Path]
) -> None:
    tiny["roles"][0]["title"] = title
    file = draw("salary", "--by", "year", "--data", saved(tiny))
    assert (picture(file)[0].text or "").startswith(f"{title}: ")
    assert "".join(texts_of(file)).replace(" ", "").find(title.replace(" ", "")) >= 0
    assert "<script" not in file.read_text(encoding="utf-8")


def test_environment_does_not_change_the_picture(draw: Callable[..., Path]) -> None:
    usual = draw("compare").read_bytes()
    env = {"NO_COLOR": "1", "COLUMNS": "40", "MLROLES_FORMAT": "json"}
    assert draw("compare", charset="ascii", env=env).read_bytes() == usual


@pytest.mark.parametrize(
    "command",
    [
        "locations --match atlantis", "salary dle --by experience",
        "salary mlops --country de", "offer 150k dle",
    ],
)  # fmt: skip
def test_empty_result_does_not_change_the_file(command: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    file.write_text("<svg/>")
    result = run(*command.split(), "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"note: nothing to draw; {file} was not changed\n")
    assert file.read_text() == "<svg/>"


@pytest.mark.parametrize(
    ("backend", "settings"),
    [
        ("module://matplotlib_inline.backend_inline", None),
        ("nonsense", None),
        ("", b"\xff\xfe\x00"),
    ],
)
def test_settings_of_matplotlib_do_not_matter(
    backend: str, settings: bytes | None, tmp_path: Path
) -> None:
    if settings is not None:
        (tmp_path / "matplotlibrc").write_bytes(settings)
    line, env = ("compare", "--output", "chart.png"), {"MPLBACKEND": backend}
    done = process(*line, env=env, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_settings_are_hidden_only_if_matplotlib_refuses_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def importing(name: str) -> str:
        seen.append(os.environ.get("MPLBACKEND"))
        if len(seen) == 1:
            raise ValueError
        return name

    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.setattr(plots, "import_module", importing)
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    assert plots.import_style() == "matplotlib.style"
    assert seen == ["nonsense", None, "nonsense"]
    assert os.environ["MPLBACKEND"] == "nonsense"
