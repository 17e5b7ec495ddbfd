"""The questions as tools for AI agents.

The tools are made of the commands: their descriptions, and the options that are part of
a question. An answer is short, since it takes a part of what a model can read: the page
as text, and the rows that it shows with the keys of JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from mlroles.cli.options import LIMIT, REQUIRED, Option
from mlroles.cli.present import MAX_ROWS, ask, first_rows
from mlroles.cli.registry import COMMANDS
from mlroles.errors import (
    Argument,
    Command,
    MlrolesError,
    UsageError,
    quoted,
    shortened,
    written,
)
from mlroles.matching import as_list, check_length, check_numbers, choose
from mlroles.output.fields import choose_fields, select
from mlroles.output.formats import TABLE, render
from mlroles.output.layout import Layout
from mlroles.output.page import Page
from mlroles.output.pages.phrases import caveats
from mlroles.queries.answer import check_limit, rows_of, source_ids
from mlroles.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.queries.answer import Answer
    from mlroles.questions import Column, Question, Row

_SOURCE_KEYS = ("id", "title", "publisher", "url", "licence", "updated", "kind")
# The characters of an answer, unless more rows are asked for.
_MAX_LENGTH = 10_000
# The errors in arguments that an answer has.
_MAX_MESSAGES = 10
# Python refuses to read thousands of them.
_MAX_DIGITS = 20
_LAYOUT = Layout(width=100, commands=False)
_LIMIT = LIMIT._replace(
    help="The first N rows", shown_default=f"{MAX_ROWS}, or fewer if they are long"
)
_FIELDS = Option(
    "fields", "--fields", "Only these keys, in this order", list[str] | None
)


def _is_number(value: object) -> TypeGuard[int | float]:
    # In Python, true and false are numbers.
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str | None:
    is_text = isinstance(value, str) or _is_number(value)
    return str(value) if is_text else None


def _texts(value: object) -> list[str] | None:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
        return None
    return texts


def _whole(value: object) -> int | None:
    if isinstance(value, str) and len(value) <= _MAX_DIGITS and value.isdecimal():
        return int(value)
    return int(value) if _is_number(value) and value % 1 == 0 else None


def _flag(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.casefold())
    return value if isinstance(value, bool) else None


class _Kind(NamedTuple):
    """A kind of arguments."""

    name: str
    types: list[str]
    """The types in JSON, which the schema states."""
    read: Callable[[object], Any]
    """Returns the value of an option from JSON, or None if it has another type.

    It accepts more than the schema: a number for a text, its digits for a number.
    """


# By the kinds of options.
_KINDS = {
    str: _Kind("a text", ["string"], _text),
    str | None: _Kind("a text", ["string"], _text),
    int | None: _Kind("a whole number", ["integer"], _whole),
    bool: _Kind("true or false", ["boolean"], _flag),
    list[str] | None: _Kind("a list of texts", ["array", "string"], _texts),
}


class Tool(NamedTuple):
    """A question that agents can ask."""

    question: Question
    options: Sequence[Option]
    """Its arguments."""
    ask: Callable[..., Answer[Any]]
    """The query, which takes the data set first."""

    @property
    def summary(self) -> str:
        """Return what it does in a sentence."""
        return " ".join((self.ask.__doc__ or "").split())

    @property
    def description(self) -> str:
        """Return what it does, what it cannot do, and what other tools do."""
        siblings = self.question.siblings.items()
        others = "; ".join(f"{name} for {use}" for name, use in siblings)
        return f"{self.summary} {self.question.cannot} Other tools: {others}."


def tools() -> Iterator[Tool]:
    """Yield the tools: the commands that answer a question about the data set."""
    for question in QUESTIONS.values():
        if not question.siblings:
            continue
        command = COMMANDS[question.name]
        options = [each for each in command.options if each is not LIMIT]
        has_rows = not all(each.is_object for each in question.forms)
        options += [_LIMIT, _FIELDS] if has_rows else [_FIELDS]
        yield Tool(question, options, command.function)


def call(
    tool: Tool, data: Dataset, arguments: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return the answer of a tool as a page, and as an object.

    The object has the rows of the page, how many there are, notes, and the sources.

    Raises:
        MlrolesError: An argument is unknown, missing or invalid.
    """
    values = _values(tool, arguments)
    check_numbers(values)
    limit, fields = values.pop("limit", None), values.pop("fields")
    check_limit(limit)
    if "limit" in (each.name for each in COMMANDS[tool.question.name].options):
        values["limit"] = None
    for key in ("role", "roles"):
        if values.get(key):
            # Words as on a command line, where they may be a place or a level as well.
            values[key] = [w for each in as_list(values[key]) for w in each.split()]
    answer = ask(tool.ask, tool.question.name, data, values)
    if fields:
        chosen = choose_fields(answer, ",".join(fields), "json").fields
        answer = answer._replace(fields=chosen)
    for shown in _shortened(answer, limit):
        found = _page(shown), _object(shown, answer)
        if limit or len(found[0]) + len(as_json(found[1])) <= _MAX_LENGTH:
            break
    return found


def _shortened(answer: Answer[Any], limit: int | None) -> Iterator[Answer[Any]]:
    """Yield an answer with its first rows, or parts, and then with ever fewer."""
    if answer.question.is_nested:
        parts = answer.fields or tuple(answer.question.keys)
        for count in range(len(parts), 0, -1):
            yield answer._replace(fields=parts[:count])
    elif isinstance(answer.rows, dict):
        yield answer
    else:
        for count in range(limit or MAX_ROWS, 0, -1):
            # The last years and months are those that matter.
            latest = answer._replace(rows=answer.rows[-count:])
            is_timeline = answer.question.is_timeline
            yield latest if is_timeline else first_rows(answer, count)


def _page(answer: Answer[Any]) -> str:
    """Return the page of an answer, which has the usual columns."""
    return render(answer._replace(fields=()), TABLE, _LAYOUT)


def _object(answer: Answer[Any], whole: Answer[Any]) -> dict[str, Any]:
    """Return an answer as an object; `whole` has all rows."""
    rows, is_list = select(answer), isinstance(answer.rows, list)
    total = len(whole.rows) if is_list else None
    notes = [*map(with_arguments, answer.notes), *caveats(Page(answer))]
    if total and len(rows) < total:
        which = "last" if answer.question.is_timeline else "first"
        notes.append(f"the {which} {len(rows)} of {total} rows; limit shows more")
    if answer.question.is_nested:
        wanted = whole.fields or whole.question.keys
        if missing := ", ".join(key for key in wanted if key not in rows):
            notes.append(f"too long for this answer: {missing}; fields shows them")
    return {
        "answer": rows,
        "total": total,
        "notes": notes,
        "sources": _cited(whole.data, answer),
    }


def as_json(value: Any) -> str:
    """Return a value as JSON, with letters of all languages as they are."""
    return json.dumps(value, ensure_ascii=False)


def with_arguments(message: str) -> str:
    """Return a message with the names of tools and of their arguments."""

    def write(part: Argument | Command) -> str:
        if isinstance(part, Command):
            roles = f" with {', '.join(part.roles)}" if part.roles else ""
            return f"the tool {part.name}{roles}"
        return part.name if part.value is None else f"{part.name} {part.value}"

    return written(message, write)


def _values(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the options of a tool; null is the default.

    Raises:
        MlrolesError: Arguments are unknown, missing or of a wrong type.
    """
    known = {option.argument: option for option in tool.options}
    values = {option.name: option.default for option in tool.options}
    messages: list[str] = []
    for typed, value in arguments.items():
        try:
            option = known[choose(typed, known.keys(), "argument")]
            if value is not None:
                values[option.name] = _value(option, value)
        except UsageError as error:
            messages += error.messages
    messages += [
        f"missing argument {option.argument!r}."
        for option in tool.options
        if values[option.name] is REQUIRED
    ]
    if messages:
        raise MlrolesError(*messages[:_MAX_MESSAGES])
    return values


def _value(option: Option, value: Any) -> Any:
    """Return the value of an option from JSON.

    Raises:
        UsageError: It is of another type, or too long.
    """
    kind = _KINDS[option.kind]
    read = kind.read(value)
    if read is None:
        given = quoted(value) if isinstance(value, str) else shortened(as_json(value))
        text = f"argument {option.argument!r} must be {kind.name}, not {given}."
        raise UsageError(text, argument=option.argument)
    for each in as_list(read) if isinstance(read, str | list) else ():
        check_length(each, option.argument)
    return read


def _cited(data: Dataset, answer: Answer[Any]) -> list[Row]:
    """Return the sources of the figures and texts of an answer."""
    ids = [*source_ids(answer.rows), *answer.cited]
    if answer.exchange and answer.exchange.used:
        ids.append(answer.exchange.source)
    if any("prices" in row for row in rows_of(answer)):
        ids.append(data.table("prices")["source"])
    found: list[Row] = [dict(data.source(each)) for each in dict.fromkeys(ids)]
    return [{key: source[key] for key in _SOURCE_KEYS} for source in found]


def input_schema(options: Iterable[Option]) -> dict[str, Any]:
    """Return the JSON Schema of the arguments of a tool."""
    properties: dict[str, Any] = {}
    for option in options:
        kinds = _KINDS[option.kind].types
        if option.name == "amount":
            kinds = [*kinds, "number"]
        is_required = option.default is REQUIRED
        # In other arguments, null is the default as well.
        nulls = ["null"] if option.default is None else []
        text = f"{option.help.rstrip('.')}."
        if option.shown_default:
            text += f" Default: {option.shown_default}."
        schema: dict[str, Any] = {"type": [*kinds, *nulls], "description": text}
        if "array" in kinds:
            schema["items"] = {"type": "string"}
        # Codes of currencies are known.
        if option.choices and option.name != "currency":
            schema["enum"] = [*option.choices, *([None] if nulls else [])]
        if option.default and not is_required:
            schema["default"] = option.default
        properties[option.argument] = schema
    required = [o.argument for o in options if o.default is REQUIRED]
    schema = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def output_schema(question: Question) -> dict[str, Any]:
    """Return the JSON Schema of the result of a tool: types, without meanings.

    An argument turns a question into another one, and `fields` chooses keys, so that
    no key is required. Of inner objects, the resource of the keys has those.
    """
    columns: dict[str, Column] = {}
    for column in (each for form in question.forms for each in form.columns):
        if column.null or column.key not in columns:
            columns[column.key] = column
    # By their types, since each schema is longer than the name of its key.
    keys: dict[str, list[str]] = {}
    for column in columns.values():
        keys.setdefault(json.dumps(column.schema()), []).append(column.key)
    typed = {f"^({'|'.join(k)})$": json.loads(schema) for schema, k in keys.items()}
    row = {"type": "object", "patternProperties": typed}
    shapes = {each.is_object for each in question.forms}
    answer = row if shapes == {True} else {"type": "array", "items": row}
    if len(shapes) > 1:
        # One or several of them, without stating its keys again.
        again = {"$ref": "#/properties/answer"}
        answer = {**row, "type": ["object", "array"], "items": again}
    lists = {"type": "array"}
    properties = {
        "answer": answer,
        "total": {"type": ["integer", "null"]},
        "notes": lists,
        "sources": lists,
    }
    return {"type": "object", "properties": properties}
