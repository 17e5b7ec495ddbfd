"""The server of the Model Context Protocol, by the SDK's own client."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.cli.registry import COMMANDS
from mlroles.errors import DataError, MlrolesError, UsageError
from tests.cli.test_pager import on_terminal
from tests.conftest import TINY, rows, run

pytest.importorskip("mcp", reason="needs the extra mcp")

import anyio
from mcp import Client, MCPError, StdioServerParameters

from mlroles.cli import mcp as agents
from mlroles.dataset.load import load
from mlroles.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from mcp.types import CallToolResult
    from mcp.types import Tool as ListedTool

MLROLES = [sys.executable, "-m", "mlroles"]
PING = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'
# A call of each tool, and the command line that asks the same.
CALLS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "show": [({"role": "ds"}, "show ds")],
    "describe": [({}, "describe")],
    "duties": [({"role": "data engineer"}, "duties data engineer")],
    "faq": [({}, "faq")],
    "roles": [({}, "roles")],
    "salary": [
        ({"role": "ds", "location": "austin"}, "salary ds --location austin"),
        ({"by": "experience", "year": 2025}, "salary --by experience --year 2025"),
        ({"real": True, "per": "hour"}, "salary --real --per hour"),
    ],
    "compare": [
        ({"roles": ["mle", "ds"], "sort": "title"}, "compare mle ds --sort title"),
        ({"all": True, "limit": 3, "reverse": True}, "compare --all -n 3 -r"),
    ],
    "locations": [
        ({"role": "ds", "match": ["texas"]}, "locations ds --match texas"),
        (
            {"level": "country", "work_mode": "remote", "min_records": 20},
            "locations --level country --work-mode remote --min-records 20",
        ),
    ],
    "employers": [({"role": "swe", "limit": 2}, "employers swe --limit 2")],
    "industries": [({"detail": "subsector"}, "industries --detail subsector")],
    "offer": [
        ({"amount": "150k", "currency": "EUR"}, "offer 150k --currency EUR"),
        ({"amount": 150000}, "offer 150000"),
    ],
    "relocate": [
        (
            {"amount": "100k", "from": "austin", "to": ["san francisco"]},
            "relocate 100k --from austin --to san-francisco",
        )
    ],
    "skills": [({"match": ["python"]}, "skills --match python")],
    "outlook": [
        ({"role": "ds"}, "outlook ds"),
        ({"by": "month"}, "outlook --by month"),
    ],
    "sources": [({}, "sources")],
}
LINES = [(name, *each) for name, calls in CALLS.items() for each in calls]


def ask(
    *calls: tuple[str, dict[str, Any]], mode: str = "auto", data: str | None = None
) -> list[Any]:
    """List the tools of a server in a process of its own, and call some."""
    arguments = ["-m", "mlroles", "mcp", *(["--data", data] if data else [])]
    parameters = StdioServerParameters(command=sys.executable, args=arguments)

    async def main() -> list[Any]:
        async with Client(parameters, mode=mode) as client:
            results: list[Any] = [(await client.list_tools()).tools]
            # The client validates each result by the schema of the tool.
            results += [await client.call_tool(*each) for each in calls]
            return results

    return anyio.run(main)


def here(name: str, arguments: dict[str, Any]) -> CallToolResult:
    """Call a tool of a server in this process."""

    async def main() -> CallToolResult:
        async with Client(agents.server(load())) as client:
            await client.list_tools()
            return await client.call_tool(name, arguments)

    return anyio.run(main)


@pytest.fixture(scope="module")
def listed() -> Mapping[str, ListedTool]:
    (tools,) = ask()
    return {tool.name: tool for tool in tools}


@pytest.fixture(autouse=True)
def interrupts() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_every_question_is_a_tool(listed: Mapping[str, ListedTool]) -> None:
    questions = {name for name, each in COMMANDS.items() if each.is_question}
    assert listed.keys() == questions == CALLS.keys()


def test_descriptions_name_sibling_tools(listed: Mapping[str, ListedTool]) -> None:
    for name, tool in listed.items():
        text = tool.description or ""
        assert text.startswith(COMMANDS[name].function.__doc__ or "-")
        siblings = QUESTIONS[name].siblings
        assert siblings.keys() < listed.keys() - {name}
        assert all(f"{other} for {use}" in text for other, use in siblings.items())
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False


def test_parameters_are_typed(listed: Mapping[str, ListedTool]) -> None:
    salary = listed["salary"].input_schema
    assert set(salary["properties"]) == {
        "role", "by", "location", "year", "country", "experience", "work_mode", "per",
        "currency", "real",
    }  # fmt: skip
    assert salary["additionalProperties"] is False
    properties = salary["properties"]
    assert properties["per"]["enum"] == ["year", "month", "week", "hour"]
    assert properties["per"]["default"] == "year"
    assert {"type": "integer"} in properties["year"]["anyOf"]
    assert properties["real"]["type"] == "boolean"
    experience = properties["experience"]["anyOf"][0]
    assert experience["enum"] == ["entry", "mid", "senior", "executive"]
    assert "Default: machine-learning-engineer." in properties["role"]["description"]
    relocate = listed["relocate"].input_schema
    assert sorted(relocate["required"]) == ["amount"]
    to = relocate["properties"]["to"]["anyOf"][0]
    assert to == {"items": {"type": "string"}, "type": "array"}


def test_every_parameter_is_described(listed: Mapping[str, ListedTool]) -> None:
    for tool in listed.values():
        for name, schema in tool.input_schema["properties"].items():
            assert schema["description"], name


def test_options_of_the_presentation_are_no_parameters(
    listed: Mapping[str, ListedTool],
) -> None:
    presentation = {
        option.argument for each in COMMANDS.values() for option in each.output
    }
    for tool in listed.values():
        assert presentation.isdisjoint(tool.input_schema["properties"])


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_each_tool_gives_the_answer_of_its_command(mode: str) -> None:
    _, *results = ask(*((name, arguments) for name, arguments, _ in LINES), mode=mode)
    for (_, _, line), result in zip(LINES, results, strict=True):
        assert not result.is_error, (line, result)
        structured = result.structured_content
        assert structured["answer"] == rows(*line.split())
        assert list(structured) == ["answer", "notes", "sources"]
        (content,) = result.content
        assert json.loads(content.text) == structured


@pytest.mark.parametrize(("name", "arguments", "line"), LINES)
def test_answers_in_this_process(
    name: str, arguments: dict[str, Any], line: str
) -> None:
    result = here(name, arguments)
    assert result.structured_content["answer"] == rows(*line.split())


CITED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "salary": ({}, {"aijobs-salary-index", "lca-fy2025", "job-site-career-page",
                    "oews-may-2025"}),
    "salary in euros": ({"currency": "EUR", "location": "germany", "role": "de"}, {
        "aijobs-salary-index", "world-bank-ppp-2025", "ecb-exchange-rates",
    }),
    "salary in real terms": ({"role": "dle", "real": True}, {
        "aijobs-salary-index", "bls-cpi-u",
    }),
    "compare": ({"limit": 1}, {"aijobs-salary-index", "job-site-career-page"}),
    "relocate": ({"amount": "1k", "from": "austin", "to": ["germany"]}, {
        "bea-rpp-2024", "world-bank-ppp-2025",
    }),
    "describe": ({"role": "ds"}, {"onet-30"}),
    "show": ({"role": "ds"}, {
        "onet-30", "aijobs-salary-index", "oews-may-2025",
        "bls-projections-2025-35", "indeed-postings-software", "indeed-ai-share",
        "job-site-career-page",
    }),
    "duties": ({}, set()),
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "arguments", "ids"), [(name, *each) for name, each in CITED.items()]
)
def test_sources_of_the_figures_are_named(
    question: str, arguments: dict[str, Any], ids: set[str]
) -> None:
    answer = here(question.partition(" ")[0], arguments).structured_content
    assert {source["id"] for source in answer["sources"]} >= ids
    assert bool(answer["sources"]) == bool(ids)
    known = {row["id"]: row for row in rows("sources")}
    for source in answer["sources"]:
        assert {"title", "url", "licence", "updated"} < source.keys()
        assert source.items() <= known[source["id"]].items()


def test_notes_are_part_of_the_answer() -> None:
    answer = here("locations", {"match": ["atlantis"]}).structured_content
    assert answer["answer"] == []
    assert answer["notes"] == [
        "none of the 22 places of Machine Learning Engineer matches 'atlantis'"
    ]


def test_notes_name_arguments() -> None:
    arguments = {"role": "ds", "match": ["airbnb"], "min_records": 1000}
    answer = here("employers", arguments).structured_content
    assert answer["notes"] == [
        "no employers matching 'airbnb' have 1,000 filings; min_records 10 shows more"
    ]


ERRORS: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown role": (
        "salary",
        {"role": "data sientist"},
        "unknown role 'data sientist'. Did you mean 'data-scientist'? Run the tool "
        "roles for a list.",
    ),
    "missing argument": ("offer", {"role": "ds"}, "missing argument 'amount'."),
    "unknown argument": (
        "duties",
        {"format": "csv"},
        "unknown argument 'format'. Choose from: role.",
    ),
    "file to write": (
        "show",
        {"save": "page.html"},
        "unknown argument 'save'. Choose from: role.",
    ),
    "choice": (
        "salary",
        {"per": "decade"},
        "argument 'per' should be 'year', 'month', 'week' or 'hour', not 'decade'.",
    ),
    "type": (
        "salary",
        {"year": [2025]},
        "argument 'year' should be a valid integer, not [2025].",
    ),
    "several": (
        "skills",
        {"limit": "x", "rolle": "ds"},
        "argument 'limit' should be a valid integer, unable to parse string as an "
        "integer, not 'x'.\nunknown argument 'rolle'. Choose from: role, match, limit.",
    ),
    "names of options": (
        "locations",
        {"level": "metro", "year": 2024},
        "pay by US metro area is not broken down by year. Omit year, or use level "
        "country.",
    ),
    "hyphens of options": (
        "employers",
        {"min_records": 3},
        "min_records must be at least 10, not 3.",
    ),
    "value of an argument": (
        "offer",
        {"amount": "150k EUR"},
        "'150k EUR' is in EUR, not in USD. For amounts in EUR, add currency EUR.",
    ),
    "other tool": (
        "salary",
        {"role": "ds de"},
        "'ds de' names several roles. To compare them, run the tool compare with "
        "data-scientist, data-engineer.",
    ),
    "amount": (
        "offer",
        {"amount": "lots"},
        "'lots' is not an amount. Write it as 150000, 150,000, 150k or 72.50.",
    ),
}


def test_bad_arguments_are_clear_errors() -> None:
    calls = [(name, arguments) for name, arguments, _ in ERRORS.values()]
    # The server continues after each.
    _, *results, last = ask(*calls, ("duties", {}))
    for (_, _, message), result in zip(ERRORS.values(), results, strict=True):
        assert result.is_error
        assert [each.text for each in result.content] == [message]
        assert result.structured_content is None
    assert not last.is_error


@pytest.mark.parametrize(
    ("name", "arguments", "message"), ERRORS.values(), ids=list(ERRORS)
)
def test_errors_in_this_process(
    name: str, arguments: dict[str, Any], message: str
) -> None:
    result = here(name, arguments)
    assert (result.is_error, result.content[0].type) == (True, "text")
    assert getattr(result.content[0], "text", "") == message


def test_unexpected_exceptions_are_errors_of_tools(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: Any) -> None:
        raise ValueError("half \x1b[31m broken")

    monkeypatch.setattr(agents, "call", fail)
    result = here("salary", {})
    assert result.is_error
    assert getattr(result.content[0], "text", "") == (
        "unexpected ValueError: half \\x1b[31m broken. This is an error in mlroles. "
        "Please report it, with the arguments of the call."
    )


def test_unknown_tools_are_refused() -> None:
    message = "unknown tool 'salry'. Did you mean 'salary'? Choose from: show, "

    async def main() -> None:
        async with Client(agents.server(load())) as client:
            with pytest.raises(MCPError, match=re.escape(message)):
                await client.call_tool("salry", {})

    anyio.run(main)


def test_another_data_set() -> None:
    _, roles = ask(("roles", {}), data=str(TINY))
    assert roles.structured_content["answer"] == rows("roles", "--data", str(TINY))


def test_standard_output_has_the_protocol_only(tmp_path: Path) -> None:
    messages = [
        b"not JSON\n",
        PING,
        b'{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": '
        b'{"name": "salary", "arguments": {"role": "dle"}}}\n',
    ]
    done = subprocess.run(
        [*MLROLES, "mcp"],
        input=b"".join(messages),
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert answers[0] == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert not done.stderr
    assert not list(tmp_path.iterdir())


def test_client_that_closes_standard_input_ends_the_server() -> None:
    result = run("mcp", input=PING)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {"jsonrpc": "2.0", "id": 1, "result": {}}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BrokenPipeError(32, "Broken pipe"), None),
        (OSError(28, "No space left on device"), "no space left on device"),
    ],
)
def test_errors_of_standard_output(
    error: OSError, message: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[None]:
        if error:
            raise ExceptionGroup("", [ExceptionGroup("", [error])])
        yield

    monkeypatch.setattr("mcp.server.stdio.stdio_server", broken)
    expected = f"error: cannot write the output: {message}\n" if message else ""
    assert run("mcp") == (int(message is not None), "", expected)


def test_interrupts_end_the_server() -> None:
    child = subprocess.Popen(
        [*MLROLES, "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert child.stdin
    assert child.stdout
    child.stdin.write(PING)
    child.stdin.flush()
    assert child.stdout.readline()
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=20) == -signal.SIGINT
    child.stdin.close()
    child.stdout.close()


def test_terminal_gets_the_configuration_of_a_client(tmp_path: Path) -> None:
    code, shown = on_terminal("mcp")
    assert code == 0
    (server,) = json.loads(shown)["mcpServers"].values()
    assert server["command"] == sys.executable
    assert server["args"] == ["-P", "-m", "mlroles", "mcp"]
    # It starts a server, whatever is in the current folder.
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    command = [server["command"], *server["args"]]
    done = subprocess.run(
        command, input=PING, capture_output=True, check=True, cwd=tmp_path
    )
    assert b'"result":{}' in done.stdout


def test_configuration_has_the_data_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--data" not in agents.configuration(None)
    written: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.chdir(TINY.parent)
    agents.run(TINY.name, write=written.append)
    (text,) = written
    arguments = json.loads(text)["mcpServers"]["mlroles"]["args"]
    assert arguments == ["-P", "-m", "mlroles", "mcp", "--data", str(TINY)]


def test_streams_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_text: str) -> None:
        raise AssertionError

    with pytest.raises(UsageError, match="--data must be a file: standard input is"):
        agents.run("-", write=write)
    with pytest.raises(DataError, match="cannot read missing"):
        agents.run("missing.json", write=write)
    for stream in ("stdin", "stdout"):
        with monkeypatch.context() as patch:
            patch.setattr(sys, stream, None)
            with pytest.raises(MlrolesError, match="closed"):
                agents.run(None, write=write)


def test_list_of_tools_is_small(listed: Mapping[str, ListedTool]) -> None:
    # A client sends it to a model with every question.
    inputs = [(tool.description, tool.input_schema) for tool in listed.values()]
    assert len(json.dumps(inputs)) < 30_000
