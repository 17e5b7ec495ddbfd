"""The page of a role as an HTML document."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


class Document(HTMLParser):
    """The tags and the texts of a document."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def attributes(self, name: str) -> list[str]:
        return [values[name] or "" for _, values in self.tags if name in values]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "page.html"
    result = run("show", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"note: wrote {file}\n"
    return file


@pytest.mark.compat
def test_page_has_every_section(page: Path) -> None:
    document = Document(page)
    sections = [
        "duties", "salary", "locations", "compare", "employers", "industries",
        "outlook", "skills", "faq", "sources",
    ]  # fmt: skip
    ids = document.attributes("id")
    assert [name for name in ids if name in sections] == sections
    links = [each for each in document.attributes("href") if each.startswith("#")]
    assert {f"#{name}" for name in sections} <= set(links)
    assert len(ids) == len(set(ids))
    # Every link inside the document leads to something, in pictures as well.
    assert {each.removeprefix("#") for each in links} <= set(ids)
    labels = " ".join(document.attributes("aria-labelledby")).split()
    assert labels
    assert set(labels) <= set(ids)
    for text in (
        "$199,000",
        "San Jose, CA",
        "about $191,000",
        "Pinterest, Inc.",
    ):
        assert text in " ".join(document.texts)


def test_every_source_is_named_with_its_date_and_licence(page: Path) -> None:
    texts = Document(page).texts
    names = texts[len(texts) - texts[::-1].index("Sources") :]
    for source in mlroles.sources(mlroles.load()):
        if source["title"] in names:
            about = names[names.index(source["title"]) + 2]
            assert f"licence: {source['licence'] or 'unknown'}" in about
            assert source["updated"][:4] in about
    for title in (
        "aijobs.net salary index", "Regional Price Parities", "O*NET 30.0",
        "job-site career page", "Employment Projections 2025 to 2035",
    ):  # fmt: skip
        assert title in names
    # No amount on the page is converted.
    assert "European Central Bank reference rates" not in names


def test_page_loads_nothing(page: Path) -> None:
    document = Document(page)
    names = {tag for tag, _ in document.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert not document.attributes("src")
    assert not [key for _, each in document.tags for key in each if key[:2] == "on"]
    # Only links that readers may follow, to the sources.
    outside = [
        tag for tag, values in document.tags
        if not str(values.get("href", "#")).startswith("#")
    ]  # fmt: skip
    assert set(outside) == {"a"}
    assert "url(http" not in page.read_text(encoding="utf-8")
    assert "@import" not in page.read_text(encoding="utf-8")


def test_pictures_have_the_colors_of_the_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    pictures = re.findall("<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 6
    for picture in pictures:
        assert "var(--muted)" in picture
        assert not re.search('#[0-9a-f]{6}[;"]', picture)


def test_the_same_data_gives_the_same_page(page: Path, tmp_path: Path) -> None:
    before = page.read_bytes()
    again = tmp_path / "again.html"
    line = [sys.executable, "-m", "mlroles", "show", "--output", str(again)]
    subprocess.run(line, check=True, capture_output=True)
    assert again.read_bytes() == before


def test_role_without_any_pay_has_a_page(
    tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    del tiny["pay"]["groups"]["florist"]
    tiny["roles"][1]["salary"] = None
    file = tmp_path / "page.html"
    line = ["show", "florist", "--data", saved(tiny), "--output", str(file)]
    assert run(*line).exit_code == 0
    assert "Florist: no current pay figure" in " ".join(Document(file).texts)


def test_role_without_figures_has_a_page(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    assert run("show", "deep learning", "--output", str(file)).exit_code == 0
    ids = Document(file).attributes("id")
    assert "salary" in ids
    assert not {"employers", "industries", "skills"} & set(ids)


HOSTILE = (
    "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"
)


def test_data_set_cannot_inject_markup(
    tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    def poison(node: Any) -> Any:
        if isinstance(node, dict):
            kept = {
                "id", "kind", "updated", "source", "region", "currency", "period",
                "default_role", "sha256", "columns",
            }  # fmt: skip
            return {k: v if k in kept else poison(v) for k, v in node.items()}
        if isinstance(node, list):
            return [poison(each) for each in node]
        return f"{node} {HOSTILE}" if isinstance(node, str) else node

    changed = {key: poison(tiny[key]) for key in ("sources", "roles", "countries")}
    changed["roles"] = [
        {**new, "similar": old["similar"]} if "similar" in old else new
        for new, old in zip(changed["roles"], tiny["roles"], strict=True)
    ]
    changed["sources"][0]["url"] = "javascript:alert(1)"
    file = tmp_path / "page.html"
    result = run("show", "--data", saved({**tiny, **changed}), "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    document = Document(file)
    names = {tag for tag, _ in document.tags}
    assert not names & {"script", "img"}
    assert not [key for _, each in document.tags for key in each if key[:2] == "on"]
    assert not [each for each in document.attributes("href") if "javascript" in each]
    text = " ".join(document.texts)
    assert text.count(HOSTILE) > 10
    assert "49" not in text.replace("49,", "")


@pytest.mark.parametrize("style", ["json", "csv"])
def test_page_has_no_other_format(style: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    result = run("show", "--output", str(file), "-f", style)
    assert (result.exit_code, result.stdout) == (2, "")
    text = f"--format {style} and --output {file} cannot be combined."
    assert text in result.stderr
    assert not file.exists()


def test_format_that_agrees_is_the_page(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "PAGE.HTML"
    assert run("show", "-f", "html", "--output", str(file)).exit_code == 0
    assert file.read_bytes() == page.read_bytes()


def test_page_has_all_fields(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    result = run("show", "--fields", "salary", "--output", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --fields and a page cannot be combined.\n"
    assert not file.exists()


def test_documents_of_others_are_kept(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "thesis.html"
    file.write_text("<!DOCTYPE html><title>My thesis</title>")
    result = run("show", "--output", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: {file} exists and is not a page of mlroles. Name another file, or "
        "use --force.\n"
    )
    assert file.read_text() == "<!DOCTYPE html><title>My thesis</title>"
    assert run("show", "--output", str(file), "--force").exit_code == 0
    assert file.read_bytes() == page.read_bytes()
    shutil.copy(page, file)
    assert run("show", "ds", "--output", str(file)).exit_code == 0
    assert "<h1>Data Scientist</h1>" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("module", ["jinja2", "matplotlib"])
def test_missing_packages_are_reported(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    result = run("show", "--output", str(tmp_path / "page.html"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch("error: .* Install .* with: pip install .*\n", result.stderr)
    assert module in result.stderr.lower()
    assert list(tmp_path.iterdir()) == []


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


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_page_fits_a_phone_and_a_desktop(page: Path, tmp_path: Path) -> None:
    content = escape(page.read_text(encoding="utf-8"))
    frames = "".join(
        f'<iframe style="width:{width}px;border:0" srcdoc="{content}"></iframe>'
        for width in (360, 1280)
    )
    wrapper = tmp_path / "frames.html"
    wrapper.write_text(FRAMES % frames, encoding="utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu",
            "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--enable-logging=stderr",
            f"--user-data-dir={tmp_path}/user", "--dump-dom", wrapper.as_uri(),
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    found = re.search(r'<pre id="report">(.+?)</pre>', done.stdout)
    assert found, done.stderr
    for width, content_width, scroll_bar, requests, pictures in json.loads(found[1]):
        assert content_width == width - scroll_bar
        assert requests == 0
        assert pictures == 6
    assert "CONSOLE" not in done.stderr
