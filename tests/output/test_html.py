"""The page of a role as an HTML document."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.cli.options import SECTIONS as OPTION
from mlroles.output.layout import Layout
from mlroles.output.markup import write
from mlroles.output.page import Page
from mlroles.output.pages.show import SECTIONS, handout
from mlroles.queries.roles import page as role_page
from tests.conftest import process, refused, run
from tests.output.parsing import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "page.html"
    result = run("show", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"note: wrote {file}\n"
    return file


def words(file: Path) -> str:
    """Return the text that people read."""
    _, _, main = file.read_text(encoding="utf-8").partition("<main>")
    return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split())


@pytest.mark.compat
def test_page_says_what_a_career_adviser_gives_away(page: Path) -> None:
    text = words(page)
    described = mlroles.describe(mlroles.load())["description"]
    assert described.partition(". ")[0] in text
    for duty in mlroles.duties(mlroles.load())["duties"][:5]:
        assert duty in text
    for each in (
        "$199,000 a year", "The middle half is $162,675 to $234,629.",
        "Machine Learning Engineer * ", "Data Analyst $103,975 $82,425 $131,188 1,774",
        "San Jose, CA $211,286;", "projected to grow by 35% from 2025 to 2035",
        "Sources: aijobs.net salary index, 3 August 2025; H-1B labor condition "
        "applications, decided October 2024 to September 2025; Employment Projections "
        "2025 to 2035, 27 August 2026.",
    ):  # fmt: skip
        assert each in text
    # Commands are of no use on paper, and no amount of 2022 is shown.
    assert not re.search("--[a-z]|mlroles [a-z]|2022", text)


def test_ranges_are_drawn_where_the_values_are(page: Path) -> None:
    # By another way than that of the page: the scale is $0 to $300,000.
    shown = [
        row for row in mlroles.compare(mlroles.load()) if row["median"] is not None
    ]
    html = page.read_text(encoding="utf-8")
    drawn = re.findall("<tr.*?</tr>", html)[1:]
    assert [re.search("<td[^>]*>(.*?)<", each)[1] for each in drawn] == [  # type: ignore[index]
        row["title"] + " *" * (row["role"] == shown[0]["role"]) for row in shown
    ]
    assert ["own" in each[:20] for each in drawn] == [True] + [False] * len(shown[1:])
    for row, each in zip(shown, drawn, strict=True):
        box = re.search('rect x="(.*?)%" width="(.*?)%"', each)
        mark = re.search('class="mark" x1="(.*?)%"', each)
        assert box
        assert mark
        start, length, at = (float(part) for part in (*box.groups(), mark[1]))
        places = [start, start + length, at]
        values = [row[key] / 300_000 * 100 for key in ("p25", "p75", "median")]
        assert places == pytest.approx(values, abs=0.02)


def test_a_hand_out_is_a_page_as_every_other() -> None:
    page = Page(role_page(mlroles.load(), "ds"), Layout(commands=False))
    text = write(handout(page), Layout())
    assert "Data Scientist, United States: $155,000 a year\nMedian of 1,907" in text
    assert max(map(len, text.splitlines())) <= 80


def test_sections_can_be_added(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    run("show", "-o", str(file), "--sections", "Employers, sources")
    text = words(file)
    assert text.startswith(words(page))
    added = text.removeprefix(words(page))
    assert "Pinterest, Inc." in added
    for source in mlroles.sources(mlroles.load()):
        if source["title"] in added:
            assert source["licence"] is None or source["licence"] in added
    assert "licence" in added.casefold()
    assert "San Jose, CA" not in added
    links = Document(file.read_text(encoding="utf-8")).attributes["href"]
    assert {*links} > {"https://aijobs.net/salaries"}
    run("show", "-o", str(file), "--sections", "all")
    assert re.findall("<h2>(.*?)</h2>", file.read_text(encoding="utf-8")) == [
        "Duties", "Similar roles", "Salary", "Places", "Similar roles", "Employers",
        "Industries", "Technologies", "Outlook", "Questions", "Sources",
    ]  # fmt: skip


def test_help_names_the_sections() -> None:
    assert f"or all: {', '.join(SECTIONS)}." in OPTION.help


def test_page_loads_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    document = Document(text)
    loading = {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert loading.isdisjoint(document.tags)
    assert {"src", "href"}.isdisjoint(document.attributes)
    assert not [key for key in document.attributes if key[:2] == "on"]
    assert "url(http" not in text
    assert "@import" not in text


def test_pictures_have_the_colors_of_the_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    pictures = re.findall("<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 7
    assert not re.search("#[0-9a-f]{6}|style=", " ".join(pictures))


def test_the_same_data_gives_the_same_page(page: Path, tmp_path: Path) -> None:
    before = page.read_bytes()
    again = tmp_path / "again.html"
    assert process("show", "--output", str(again)).returncode == 0
    assert again.read_bytes() == before


def test_role_without_any_pay_has_a_page(
    tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    del tiny["pay"]["groups"]["florist"]
    tiny["roles"][1]["salary"] = None
    file = tmp_path / "page.html"
    line = ["show", "florist", "--data", saved(tiny), "--output", str(file)]
    assert run(*line).exit_code == 0
    assert "Florist no pay figure" in words(file)


def test_role_without_figures_has_a_page(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    result = run("show", "deep learning", "--output", str(file), "--sections", "all")
    assert result.exit_code == 0
    text = words(file)
    assert "Deep Learning Engineer no current pay figure" in text
    assert "<h2>Employers" not in file.read_text(encoding="utf-8")


def test_links_lead_to_the_web_only(
    tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    # Markup in texts is tested for all formats together.
    tiny["sources"][0]["url"] = "javascript:alert(1)"
    file = tmp_path / "page.html"
    line = ["--data", saved(tiny), "--output", str(file), "--sections", "all"]
    assert run("show", *line).exit_code == 0
    links = Document(file.read_text(encoding="utf-8")).attributes.get("href", [])
    assert not [each for each in links if "java" in each]


def test_format_that_agrees_is_the_page(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "PAGE.HTML"
    assert run("show", "-f", "html", "--output", str(file)).exit_code == 0
    assert file.read_bytes() == page.read_bytes()


def test_own_pages_and_those_named_with_force_are_replaced(
    page: Path, tmp_path: Path
) -> None:
    file = tmp_path / "thesis.html"
    file.write_text("<!DOCTYPE html><title>My thesis</title>")
    assert run("show", "--output", str(file), "--force").exit_code == 0
    assert file.read_bytes() == page.read_bytes()
    shutil.copy(page, file)
    assert run("show", "ds", "--output", str(file)).exit_code == 0
    assert "<h1>Data Scientist</h1>" in file.read_text(encoding="utf-8")


def test_a_page_needs_no_package(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("jinja2", "matplotlib", "mcp", "duckdb"):
        monkeypatch.setitem(sys.modules, module, None)
    file = tmp_path / "page.html"
    assert run("show", "--output", str(file)).exit_code == 0
    assert file.read_bytes() == page.read_bytes()


# Frames of several widths, and a report on what the document in each does.
FRAMES = """
<!DOCTYPE html><body><pre id="report"></pre>%s<script>
onload = () => {
  const report = [...document.querySelectorAll("iframe")].map(frame => [
    frame.clientWidth, frame.contentDocument.documentElement.scrollWidth,
    frame.contentWindow.innerWidth
      - frame.contentDocument.documentElement.clientWidth,
    frame.contentWindow.performance.getEntriesByType("resource").length,
    frame.contentDocument.querySelectorAll("svg").length,
  ]);
  document.getElementById("report").textContent = JSON.stringify(report);
};
</script>
"""


BROWSER = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
]  # fmt: skip


def browse(tmp_path: Path, *line: str) -> subprocess.CompletedProcess[str]:
    user = f"--user-data-dir={tmp_path}/user"
    return subprocess.run(
        [str(CHROMIUM), *BROWSER, user, *line],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("sections", ["", "all"])
def test_page_fits_a_phone_and_a_desktop(sections: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    run("show", "--output", str(file), *(["--sections", sections] if sections else []))
    content = escape(file.read_text(encoding="utf-8"))
    frames = "".join(
        f'<iframe style="width:{width}px;border:0" srcdoc="{content}"></iframe>'
        for width in (360, 1280)
    )
    wrapper = tmp_path / "frames.html"
    wrapper.write_text(FRAMES % frames, encoding="utf-8")
    done = browse(tmp_path, "--dump-dom", wrapper.as_uri())
    found = re.search(r'<pre id="report">(.+?)</pre>', done.stdout)
    assert found, done.stderr
    for width, content_width, scroll_bar, requests, pictures in json.loads(found[1]):
        assert content_width == width - scroll_bar
        assert requests == 0
        assert pictures == 7
    assert "CONSOLE" not in done.stderr


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("role", ["mle", "ds", "research-engineer", "dle"])
def test_page_is_one_printed_page(role: str, tmp_path: Path) -> None:
    file, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    run("show", role, "--output", str(file))
    line = ["--no-pdf-header-footer", f"--print-to-pdf={printed}", file.as_uri()]
    done = browse(tmp_path, *line)
    assert "CONSOLE" not in done.stderr
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><title>My thesis</title>",
        # The mark of a page is quoted.
        '<!-- <meta name="generator" content="mlroles"> --> my notes',
        '<!DOCTYPE html>\n<!-- <meta name="generator" content="mlroles"> -->',
        "",
    ],
)
def test_documents_of_others_are_kept(text: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.html"
    file.write_text(text, encoding="utf-8")
    assert refused("show", "-o", str(file), exit_code=1) == (
        f"error: {file} exists and is not a page of mlroles. Name another file, or "
        "use --force.\n"
    )
    assert file.read_text(encoding="utf-8") == text
