"""Which modules import which, and which modules each kind of answer loads."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.__main__ import Deferred
from tests.conftest import RUN_LINES, TINY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

PACKAGE = Path(mlroles.__file__).parent
CORE = {
    "errors", "matching", "money", "package", "places", "questions", "dataset", "words",
}  # fmt: skip
# The parts of the package that each part may import, besides itself.
ALLOWED = {
    "errors": set[str](),
    "matching": {"dataset", "errors"},
    "places": {"errors", "matching"},
    "money": {"dataset", "errors", "matching"},
    "questions": set(),
    "package": {"errors", "matching", "money", "questions"},
    "words": {"dataset", "errors", "matching", "money", "places"},
    "dataset": {"errors", "matching", "places"},
    "queries": CORE,
    "output": {*CORE, "queries"},
    "extras": {*CORE, "queries", "output", "mlroles"},
    "cli": {*CORE, "queries", "output", "extras", "mlroles"},
    "api": {*CORE, "queries", "output", "cli"},
    # The package itself, with the names of its API.
    "__init__": {"api"},
    "__main__": {"cli", "errors"},
}


def imported(path: Path) -> Iterator[str]:
    """Yield the names of our own modules that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "mlroles")


def violations(path: Path, source: str) -> list[str]:
    """Return the imports of a module that its part of the package may not make."""
    allowed = {source, *ALLOWED[source]}
    found = []
    for name in imported(path):
        target = name.removeprefix("mlroles.")
        if not any(f"{target}.".startswith(f"{part}.") for part in allowed):
            found.append(f"{path.name} imports {name}")
    return found


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_layers(path: Path) -> None:
    file = path.relative_to(PACKAGE)
    source = file.parts[0].removesuffix(".py")
    source = file.as_posix() if file.as_posix() in ALLOWED else source
    assert violations(path, source) == []


def circles(files: Iterable[Path]) -> set[frozenset[str]]:
    """Return the groups of modules that import one another, lazily or for types too."""
    names = {module_name(path): path for path in files}
    graph = {name: set(targets(path, names)) - {name} for name, path in names.items()}
    reached = {name: reachable(graph, name) for name in graph}
    return {
        frozenset(each for each in reached[name] if name in reached[each])
        for name in graph
        if name in reached[name]
    }


def module_name(path: Path) -> str:
    """Return the name of a module by its path in the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def targets(path: Path, names: Collection[str]) -> Iterator[str]:
    """Yield the modules that a module imports, whole or a name of."""
    for name in imported(path):
        module = name if name in names else name.rpartition(".")[0]
        if module in names:
            yield module


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """Return all modules that a module imports, directly or not."""
    found: set[str] = set()
    pending = [*graph[start]]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += graph[name]
    return found


def test_no_modules_import_one_another() -> None:
    assert circles(MODULES) == set()


def test_circles_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "mlroles")
    (tmp_path / "mlroles").mkdir()
    texts = {
        "a": "def f():\n    from mlroles.b import g\n",
        "b": "if TYPE_CHECKING:\n    from mlroles import c\n",
        "c": "import mlroles.a\nimport mlroles.d\n",
        "d": "import mlroles.d\n",
    }
    files = []
    for name, text in texts.items():
        files.append(tmp_path / "mlroles" / f"{name}.py")
        files[-1].write_text(text)
    assert circles(files) == {frozenset({"mlroles.a", "mlroles.b", "mlroles.c"})}


def test_imports_against_the_layers_are_found(tmp_path: Path) -> None:
    module = tmp_path / "pages.py"
    module.write_text(
        "from mlroles.queries.pay import select\n"
        "from mlroles.queries.answer import Answer\n"
        "from mlroles.cli import console\n"
        "import typer\n"
    )
    assert violations(module, "output") == ["pages.py imports mlroles.cli.console"]


def test_functions_and_modules_do_not_share_names() -> None:
    modules = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in MODULES
    }
    for path in MODULES:
        if path.name != "__init__.py":
            continue
        package = ".".join(path.relative_to(PACKAGE.parent).parent.parts)
        module = sys.modules.get(package)
        for name, value in vars(module).items() if module else ():
            if callable(value):
                assert f"{package}.{name}" not in modules


# Runs command lines and prints the modules that they load.
TRACE = f"""
import json, sys
before = set(sys.modules)
{RUN_LINES}
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""


def loaded(*lines: str) -> set[str]:
    """Return the modules that command lines load in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", TRACE, *lines],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": ""},
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


# What a lookup must never load, whatever Typer does: each takes milliseconds.
HEAVY = {
    "pydantic", "pydantic_core", "rich", "rich.console", "duckdb", "pycountry",
    "matplotlib",
    "importlib.metadata", "email", "zipfile", "asyncio", "decimal", "unittest",
    "mcp", "anyio", "csv", "tempfile", "http", "socket", "xml", "selectors",
}  # fmt: skip
# Machine formats do without these as well.
FOR_PEOPLE = {"tabulate", "wcwidth", "html", "mlroles.output.pages"}
LOOKUP = {
    "mlroles", "mlroles.__main__", "mlroles.errors", "mlroles.matching",
    "mlroles.money", "mlroles.questions",
    *(f"mlroles.cli{name}" for name in
      ("", ".app", ".commands", ".completion", ".console", ".options", ".present",
       ".registry")),
    *(f"mlroles.dataset{name}" for name in
      ("", ".bundled", ".dataset", ".dimensions", ".load")),
    *(f"mlroles.output{name}" for name in ("", ".formats", ".layout", ".values")),
    *(f"mlroles.queries{name}" for name in
      ("", ".answer", ".figures", ".pay")),
}  # fmt: skip
WORDS = {"mlroles.cli.typed", "mlroles.words"}


def queries(*names: str) -> set[str]:
    """Return the modules of queries."""
    return {f"mlroles.queries.{name}" for name in names}


PAGE = LOOKUP | {
    "mlroles.dataset.kinds",
    *(f"mlroles.output.{name}" for name in
      ("blocks", "fields", "markup", "page", "pages")),
    *(f"mlroles.output.pages.{path.stem}"
      for path in PACKAGE.joinpath("output", "pages").glob("*.py")),
}  # fmt: skip
TABLE = PAGE | {"mlroles.output._tabulate", "mlroles.output.tables"}


def own(modules: set[str]) -> set[str]:
    """Return our own modules."""
    return {name for name in modules if name.split(".")[0] == "mlroles"}


def test_machine_formats_load_few_modules() -> None:
    modules = loaded(
        "salary --json", "compare --sort openings --json", "locations --json",
        "offer 150k --json", "faq --json", "roles -f jsonl", "duties --json",
        "sources --json", "--help", "salary --help", "--version",
    )  # fmt: skip
    assert modules & (HEAVY | FOR_PEOPLE) == set()
    # Amounts are typed among other words.
    assert own(modules) - LOOKUP == WORDS | queries(
        "compare", "locations", "offer", "roles", "salary"
    )


def test_a_deferred_module_is_imported_when_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deferred: Any = Deferred("colorsys")
    monkeypatch.setitem(sys.modules, "colorsys", deferred)
    used = deferred.rgb_to_hls
    module = sys.modules["colorsys"]
    assert module is not deferred
    assert deferred.rgb_to_hls is module.rgb_to_hls is used
    assert sys.modules["colorsys"] is module
    assert not hasattr(deferred, "unknown")


def test_a_lookup_loads_its_own_query_only() -> None:
    assert own(loaded("compare --json")) - LOOKUP == queries("compare")
    assert own(loaded("salary --json")) - LOOKUP == queries("locations", "salary")


def test_pages_without_tables_do_not_load_tabulate() -> None:
    modules = loaded("duties", "faq", "offer 150k")
    assert modules & {*HEAVY, "tabulate"} == set()
    assert own(modules) - PAGE == WORDS | queries(
        "compare", "locations", "offer", "roles", "salary"
    )


def test_tables_load_few_modules() -> None:
    modules = loaded("salary", "salary --by year", "compare", "locations", "roles")
    assert modules & HEAVY == set()
    assert own(modules) - TABLE == queries("compare", "locations", "roles", "salary")


def test_relocate_loads_few_queries() -> None:
    modules = loaded("relocate 100k --from austin --json")
    assert modules & (HEAVY | FOR_PEOPLE) == set()
    own_queries = queries("locations", "offer", "relocate")
    assert own(modules) - LOOKUP == {*WORDS, "mlroles.places", *own_queries}


@pytest.mark.parametrize("command", ["employers", "industries", "outlook", "skills"])
def test_market_commands_load_few_modules(command: str) -> None:
    query = queries("market", command)
    modules = loaded(f"{command} ds")
    assert modules & HEAVY == set()
    assert own(modules) - TABLE == query
    as_json = loaded(f"{command} ds --json")
    assert as_json & (HEAVY | FOR_PEOPLE) == set()
    assert own(as_json) - LOOKUP == query


@pytest.mark.parametrize("style", ["table", "json"])
def test_pages_of_a_role_load_the_market_only(style: str) -> None:
    market = queries("market", "compare", "locations", "roles", "salary")
    modules = loaded(f"describe -f {style}")
    assert modules & {*HEAVY, "tabulate"} == set()
    assert own(modules) - PAGE == market
    market |= queries("outlook", "skills")
    modules = loaded(f"show -f {style}")
    assert modules & HEAVY == set()
    assert own(modules) - TABLE == market


def test_validation_loads_pydantic() -> None:
    # Proves that the tests above see what is loaded.
    assert {"pydantic", "decimal"} <= loaded(f"salary --json --data {TINY}")


def test_tabulate_is_imported_without_modules_that_it_rarely_uses() -> None:
    code = (
        "import sys; from mlroles.output._tabulate import tabulate; "
        "assert not {'html', 'importlib.metadata'} & {*sys.modules}; "
        "import importlib.metadata; assert importlib.metadata.version('tabulate'); "
        "print(tabulate.tabulate([['R&D']], tablefmt='html'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "R&amp;D" in done.stdout
