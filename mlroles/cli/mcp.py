"""The questions as tools of the Model Context Protocol, for AI agents.

The tools are made of the commands: their descriptions, and the options that are part of
a question. What each returns has the keys of JSON.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from mlroles.cli.registry import COMMANDS
from mlroles.dataset.load import STDIN, load
from mlroles.errors import (
    Command,
    MlrolesError,
    UsageError,
    quoted,
    reason,
    unexpected,
    written,
)
from mlroles.matching import check_numbers, choose
from mlroles.output.page import Page
from mlroles.output.pages.phrases import caveats
from mlroles.queries.answer import rows_of, source_ids
from mlroles.questions import QUESTIONS, SOURCES, object_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mcp.server import Server
    from pydantic import BaseModel, ValidationError

    from mlroles.cli.options import Option
    from mlroles.dataset.dataset import Dataset
    from mlroles.errors import Argument
    from mlroles.queries.answer import Answer
    from mlroles.questions import Row

_INSTRUCTIONS = (
    "Answers about machine learning and data roles from a data set, offline: what they "
    "do, what they pay, and how they compare. Roles and places can be given as people "
    "write them; the tool roles lists the roles. Amounts are base pay before tax, in "
    "the currency and pay period that the answer names; null is unknown. Report each "
    "figure with its source, its date and its number of records, and the notes of the "
    "answer. Do not compare figures of different sources."
)
_SOURCE_KEYS = ("id", "title", "publisher", "url", "licence", "updated", "kind")


class Tool(NamedTuple):
    """A question that agents can ask."""

    name: str
    description: str
    arguments: type[BaseModel]
    """Validates the arguments; the names of its fields are those of the query."""
    ask: Callable[..., Answer[Any]]
    """The query, which takes the data set first."""


def run(data_file: str | None, *, write: Callable[[str], None]) -> None:
    """Answer the questions of a client on standard input and output, until it closes.

    On a terminal, there is no client: write the configuration that starts this server.

    Raises:
        MlrolesError: The SDK is not installed, or a stream is closed.
        UsageError: The data set is on standard input, which is for the client.
        DataError: The data set is invalid.
    """
    try:
        import_module("mcp")
    except ImportError:
        raise MlrolesError(
            "mcp requires the SDK of the Model Context Protocol. Install it with: "
            "pip install 'mcp>=2.1,<3'"
        ) from None
    if data_file == STDIN:
        raise UsageError("--data must be a file: standard input is for the client.")
    if sys.stdin is None:
        raise MlrolesError("cannot read standard input: it is closed")
    if sys.stdout is None:
        raise MlrolesError("cannot write the output: standard output is closed")
    data = load(data_file)
    if sys.stdin.isatty():
        write(configuration(data_file))
        return

    import anyio

    # Lookups do without it, but this process lives longer.
    gc.enable()
    # Python would wait for the thread that reads standard input.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(_serve, server(data))


def configuration(data_file: str | None) -> str:
    """Return the configuration of a client that starts this server, as JSON."""
    # -P: without the current folder, whose modules would be imported.
    arguments = ["-P", "-m", "mlroles", "mcp"]
    if data_file is not None:
        arguments += ["--data", str(Path(data_file).resolve())]
    started = {"command": sys.executable, "args": arguments}
    return json.dumps({"mcpServers": {"mlroles": started}}, indent=2) + "\n"


async def _serve(server: Server[Any]) -> None:
    """Serve until standard input or output is closed.

    Raises:
        MlrolesError: Standard output cannot be written to.
    """
    from mcp.server.stdio import stdio_server

    failed: BaseException | None = None
    try:
        async with stdio_server() as (reader, writer):
            await server.run(reader, writer, server.create_initialization_options())
    except* BrokenPipeError:
        # The client has ended.
        pass
    except* OSError as group:
        failed = group
    while isinstance(failed, BaseExceptionGroup):
        failed = failed.exceptions[0]
    if isinstance(failed, OSError):
        raise MlrolesError(f"cannot write the output: {reason(failed)}")


def server(data: Dataset) -> Server[Any]:
    """Return a server that answers questions about a data set."""
    from importlib.metadata import version

    from mcp import MCPError, types
    from mcp.server import Server

    known = {tool.name: tool for tool in tools()}
    hints = types.ToolAnnotations(
        read_only_hint=True, idempotent_hint=True, open_world_hint=False
    )
    listed = [
        types.Tool(
            name=tool.name,
            description=tool.description,
            input_schema=tool.arguments.model_json_schema(),
            output_schema=output_schema(tool.name),
            annotations=hints,
        )
        for tool in known.values()
    ]

    async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def call_tool(
        _context: Any, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            tool = known[choose(params.name, known.keys(), "tool")]
        except UsageError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        try:
            result = call(tool, data, params.arguments or {})
        except Exception as caught:  # noqa: BLE001 - never an error of the protocol
            ours = _as_ours(caught)
            message = "\n".join(map(_for_agents, ours.messages))
            content = types.TextContent(type="text", text=message)
            return types.CallToolResult(content=[content], is_error=True)
        # Clients that do not read structured content get the same as text.
        text = json.dumps(result, ensure_ascii=False)
        content = types.TextContent(type="text", text=text)
        return types.CallToolResult(content=[content], structured_content=result)

    return Server(
        "mlroles",
        version=version("mlroles"),
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _as_ours(error: Exception) -> MlrolesError:
    """Return any exception as an error of a tool."""
    if isinstance(error, MlrolesError):
        return error
    return unexpected(error, "the arguments of the call")


def call(tool: Tool, data: Dataset, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a tool, its notes, and the sources of its figures.

    Raises:
        MlrolesError: An argument is unknown, missing or invalid.
    """
    from pydantic import ValidationError

    try:
        values = tool.arguments.model_validate(arguments).model_dump()
    except ValidationError as error:
        raise MlrolesError(*_messages(tool, error)) from None
    check_numbers(values)
    answer = tool.ask(data, **values)
    return {
        "answer": answer.rows,
        "notes": [*map(_for_agents, answer.notes), *caveats(Page(answer))],
        "sources": _cited(data, answer),
    }


def _for_agents(message: str) -> str:
    """Return a message with the names of tools and of their arguments."""

    def write(part: Argument | Command) -> str:
        if isinstance(part, Command):
            roles = f" with {', '.join(part.roles)}" if part.roles else ""
            return f"the tool {part.name}{roles}"
        return part.name if part.value is None else f"{part.name} {part.value}"

    return written(message, write)


def _messages(tool: Tool, error: ValidationError) -> Iterator[str]:
    """Yield a message for each invalid argument."""
    properties = tool.arguments.model_json_schema()["properties"]
    for each in error.errors():
        name = str(each["loc"][0])
        if each["type"] == "extra_forbidden":
            choices = ", ".join(properties)
            yield f"unknown argument {quoted(name)}. Choose from: {choices}."
        elif each["type"] == "missing":
            yield f"missing argument {name!r}."
        else:
            text = each["msg"].removeprefix("Input ")
            yield f"argument {quoted(name)} {text}, not {quoted(each['input'])}."


def _cited(data: Dataset, answer: Answer[Any]) -> list[Row]:
    """Return the sources of the figures and texts of an answer."""
    ids = [*source_ids(answer.rows), *answer.cited]
    if answer.exchange and answer.exchange.used:
        ids.append(answer.exchange.source)
    if any("prices" in row for row in rows_of(answer)):
        ids.append(data.table("prices")["source"])
    found: list[Row] = [dict(data.source(each)) for each in dict.fromkeys(ids)]
    return [{key: source[key] for key in _SOURCE_KEYS} for source in found]


def output_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the result of a tool."""
    question = QUESTIONS[name]
    answer = object_schema(question.columns)
    if not question.is_object:
        answer = {"type": "array", "items": answer}
    # An argument turns the question into another one.
    others = [each for key, each in QUESTIONS.items() if key.startswith(f"{name} --")]
    if others:
        lists = [
            {"type": "array", "items": object_schema(each.columns)} for each in others
        ]
        answer = {"anyOf": [answer, *lists]}
    sources = {
        "type": "array",
        "items": object_schema(
            tuple(each for each in SOURCES.columns if each.key in _SOURCE_KEYS)
        ),
    }
    notes = {"type": "array", "items": {"type": "string"}}
    properties = {"answer": answer, "notes": notes, "sources": sources}
    return {"type": "object", "properties": properties, "required": list(properties)}


def tools() -> Iterator[Tool]:
    """Yield the tools: the commands that answer a question about the data set."""
    asked = [each for each in QUESTIONS.values() if each.siblings]
    for question in asked:
        command = COMMANDS[question.name]
        summary = " ".join((command.function.__doc__ or "").split())
        siblings = "; ".join(
            f"{each} for {use}" for each, use in question.siblings.items()
        )
        yield Tool(
            question.name,
            f"{summary} Other tools: {siblings}.",
            _arguments(question.name, command.options),
            command.function,
        )


def _arguments(name: str, options: Iterable[Option]) -> type[BaseModel]:
    """Return a model of the arguments of a tool, from the options of a question."""
    from pydantic import ConfigDict, Field, create_model

    fields: dict[str, Any] = {}
    for option in options:
        kind = option.kind
        if option.choices:
            one_of: Any = Literal[option.choices]
            kind = one_of if kind is str else one_of | None
        text = option.help
        if option.shown_default:
            text += f" Default: {option.shown_default}."
        field = Field(alias=option.argument, description=text)
        fields[option.name] = (Annotated[kind, field], option.default)
    # Clients may give an amount as a number.
    config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    return create_model(name, __config__=config, **fields)
