"""The questions as tools of the Model Context Protocol, for AI agents.

The tools are made of the commands: their descriptions, and the options that are part of
a question. What each returns has the keys of JSON.
"""

from __future__ import annotations

import gc
import inspect
import json
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_args

from mlroles.cli.options import build_signature
from mlroles.cli.registry import COMMANDS
from mlroles.dataset.load import STDIN, load
from mlroles.errors import Command, MlrolesError, UsageError, reason, written
from mlroles.matching import choose
from mlroles.output.columns import COLUMNS, INNER_KEYS, OBJECTS, PARTS
from mlroles.queries.answer import rows_of, source_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mcp.server import Server
    from pydantic import BaseModel, ValidationError

    from mlroles.dataset.dataset import Dataset
    from mlroles.errors import Argument
    from mlroles.queries.answer import Answer, Row

_INSTRUCTIONS = (
    "Answers about machine learning and data roles from a data set, offline: what they "
    "do, what they pay, and how they compare. Roles and places can be given as people "
    "write them; the tool roles lists the roles. Amounts are base pay before tax, in "
    "the currency and pay period that the answer names; null is unknown. Report each "
    "figure with its source, its date and its number of records, and the notes of the "
    "answer. Do not compare figures of different sources."
)
# Which tools answer the questions next to that of a tool.
SIBLINGS = {
    "show": {"salary": "pay alone", "describe": "what a role is", "faq": "questions"},
    "describe": {"duties": "tasks", "skills": "technologies", "salary": "pay"},
    "duties": {"describe": "what a role is", "skills": "technologies"},
    "faq": {"describe": "what a role is", "salary": "pay"},
    "roles": {"compare": "the pay of several roles"},
    "salary": {
        "compare": "several roles side by side",
        "locations": "a ranking of places",
        "offer": "the rank of an amount",
        "employers": "pay by employer",
        "industries": "pay by industry",
    },
    "compare": {"salary": "one role in detail", "locations": "one role in many places"},
    "locations": {
        "salary": "one place, with its argument location",
        "relocate": "what an amount is worth elsewhere",
    },
    "employers": {"industries": "pay by industry", "locations": "pay by place"},
    "industries": {"employers": "pay by employer", "locations": "pay by place"},
    "offer": {
        "salary": "what a role pays, without an amount",
        "relocate": "what an amount is worth elsewhere",
    },
    "relocate": {
        "offer": "the rank of an amount in one place",
        "locations": "a ranking of places by pay",
    },
    "skills": {"duties": "tasks", "describe": "what a role is"},
    "outlook": {"salary": "pay over time, with its argument by"},
    "sources": {"roles": "what the data set covers"},
}
_SOURCE_KEYS = ("id", "title", "publisher", "url", "licence", "updated", "kind")
_NULLABLE_TEXT = {"type": ["string", "null"]}


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
    from mcp import MCPError, types
    from mcp.server import Server

    import mlroles

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
        except MlrolesError as error:
            message = "\n".join(map(_for_agents, error.messages))
            content = types.TextContent(type="text", text=message)
            return types.CallToolResult(content=[content], is_error=True)
        # Clients that do not read structured content get the same as text.
        text = json.dumps(result, ensure_ascii=False)
        content = types.TextContent(type="text", text=text)
        return types.CallToolResult(content=[content], structured_content=result)

    return Server(
        "mlroles",
        version=mlroles.__version__,
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


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
    if isinstance(role := values.get("role"), str):
        values["role"] = [role]
    answer = tool.ask(data, **values)
    return {
        "answer": answer.rows,
        "notes": list(map(_for_agents, answer.notes)),
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
            yield f"unknown argument {name!r}. Choose from: {', '.join(properties)}."
        elif each["type"] == "missing":
            yield f"missing argument {name!r}."
        else:
            text = each["msg"].removeprefix("Input ")
            yield f"argument {name!r} {text}, not {each['input']!r}."


def _cited(data: Dataset, answer: Answer[Any]) -> list[Row]:
    """Return the sources of the figures and texts of an answer."""
    cited = [answer.rows]
    if answer.exchange and answer.exchange.used:
        cited.append({"source": answer.exchange.source})
    if any("prices" in row for row in rows_of(answer)):
        cited.append(data.table("prices"))
    described = answer.parts.get("describe", answer)
    if "technologies" in described.parts:
        cited.append(described.parts["technologies"].rows)
    found: list[Row] = [dict(data.source(each)) for each in source_ids(cited)]
    return [{key: source[key] for key in _SOURCE_KEYS} for source in found]


def output_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the result of a tool."""
    rows = {"type": "array", "items": _answer_schema(name)}
    answer = _answer_schema(name) if name in OBJECTS else rows
    if name == "salary":
        by = {"type": "array", "items": {"type": "object"}}
        by["description"] = "With the argument by."
        answer = {"anyOf": [answer, by]}
    source = dict.fromkeys(_SOURCE_KEYS, _NULLABLE_TEXT)
    return {
        "type": "object",
        "properties": {
            "answer": answer,
            "notes": {"type": "array", "items": {"type": "string"}},
            "sources": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": source,
                    "required": list(source),
                },
            },
        },
        "required": ["answer", "notes", "sources"],
    }


def _answer_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a row, with its keys."""
    keys = PARTS if name == "show" else [each.key for each in COLUMNS[name]]
    properties: dict[str, Any] = {key: {} for key in keys}
    for key in set(keys) & INNER_KEYS.keys() if name in OBJECTS - {"show"} else ():
        properties[key] = {"description": f"Keys: {' '.join(INNER_KEYS[key])}."}
    return {"type": "object", "properties": properties, "required": list(keys)}


def tools() -> Iterator[Tool]:
    """Yield the tools: the commands that answer a question about the data set."""
    for name, others in SIBLINGS.items():
        function = COMMANDS[name].function
        summary = " ".join((function.__doc__ or "").split())
        siblings = "; ".join(f"{each} for {use}" for each, use in others.items())
        # The decorator that prints an answer takes the options on its presentation,
        # and passes the others to the query that it wraps.
        code = function.__code__
        printed = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        parameters = inspect.signature(build_signature(function)).parameters.values()
        yield Tool(
            name,
            f"{summary} Other tools: {siblings}.",
            _arguments(name, [each for each in parameters if each.name not in printed]),
            vars(function)["__wrapped__"],
        )


def _arguments(name: str, parameters: list[inspect.Parameter]) -> type[BaseModel]:
    """Return a model of the arguments of a tool, from the parameters of a command."""
    from pydantic import ConfigDict, Field, create_model

    fields: dict[str, Any] = {}
    for parameter in parameters:
        kind, option = get_args(parameter.annotation)
        if parameter.name == "role":
            kind = str | None
        complete = option.autocompletion
        # Only a completion with fixed choices needs nothing else.
        if complete and not inspect.signature(complete).parameters:
            one_of: Any = Literal[tuple(complete())]
            kind = one_of if kind is str else one_of | None
        alias = _argument(_option(parameter, option))
        text = option.help
        if isinstance(option.show_default, str):
            text += f" Default: {option.show_default}."
        default = parameter.default
        fields[parameter.name] = (
            Annotated[kind, Field(alias=alias, description=text)],
            ... if default is inspect.Parameter.empty else default,
        )
    # Clients may give an amount as a number.
    config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    return create_model(name, __config__=config, **fields)


def _argument(name: str) -> str:
    """Return the name of an argument by that of an option, without its hyphens."""
    return name.replace("-", "_")


def _option(parameter: inspect.Parameter, info: Any) -> str:
    """Return the long name of an option; the name of the parameter if it has none."""
    # Typer has the first name in the place of the default.
    names = [info.default, *(info.param_decls or ())]
    long = [each for each in names if isinstance(each, str) and each.startswith("--")]
    return long[0].removeprefix("--") if long else parameter.name
