"""From the values of the options to an answer on the screen or in a file."""

# Without `from __future__ import annotations`, as `mlroles.queries.answer`.
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.cli.console import COLOR_CHOICES, Console
from mlroles.cli.options import ALL_ROWS, EXTENSIONS, PICTURES
from mlroles.dataset.load import STDIN, load
from mlroles.errors import EMPTY, Argument, UsageError, quoted, shortened
from mlroles.matching import as_list, check_length, choose
from mlroles.output.formats import MACHINE_FORMATS, TABLE, find_format, render
from mlroles.output.layout import Layout
from mlroles.queries.answer import rows_of
from mlroles.questions import QUESTIONS, RELOCATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import typer

    from mlroles.dataset.dataset import Dataset
    from mlroles.queries.answer import Answer

# The options whose values are names of places.
_PLACES = ("location", "from_place", "to_places")
# The rows that people see if they do not say how many.
MAX_ROWS = 10
_MAX_DRAWN = 25
# Of what may be places without quotes, the first that are looked up.
_MAX_PLACES, _MAX_WORDS = 4, 8


class Output(NamedTuple):
    """The values of the options of the presentation, by their names."""

    style: str
    as_json: bool
    file: str | None
    force: bool
    fields: str | None
    fail_empty: bool
    color: str
    details: bool
    no_pager: bool
    data_file: str | None
    chart: bool | None = None
    """Whether to draw a chart; None if the answer has none."""
    sections: str | None = None
    """The sections of the page of a role as a document."""


def present(
    question: "Callable[..., Answer[Any]]",
    context: "typer.Context",
    values: "Mapping[str, Any]",
) -> int:
    """Ask a question, and print its answer or write it to a file.

    Args:
        question: The function of a command, which takes the data set first.
        context: The context of Typer.
        values: The values of all options of the command.

    Returns:
        The exit code.

    Raises:
        UsageError: The value of an option is invalid, or options cannot be combined.
        DataError: The data set is invalid, or a file cannot be written.
        MlrolesError: Standard output cannot be written to.
    """
    fields = Output._fields
    output = Output(**{key: values[key] for key in values if key in fields})
    output = _checked(output, context)
    asked = {key: values[key] for key in values if key not in fields}
    if _is_page(output, context):
        # A document has room for more than a terminal.
        from mlroles.queries.roles import page

        question = page
    name = str(context.info_name)
    answer = ask(question, name, load(output.data_file), asked)
    if output.fields is not None:
        from mlroles.output.fields import choose_fields

        answer = choose_fields(answer, output.fields, output.style)
    if output.style not in MACHINE_FORMATS and not output.chart:
        is_open = asked.get("limit", ALL_ROWS) is None and "every" not in asked
        answer = first_rows(answer, MAX_ROWS) if is_open else answer
    code = EMPTY if output.fail_empty and _is_empty(answer) else 0
    console: Console = context.obj
    console.print_messages("note", *answer.notes)
    if output.chart:
        answer, output, notes = _drawn(answer, output)
        console.print_messages("note", *notes)
    if output.file is None:
        _print(answer, output, console)
    else:
        notes = _write(answer, output, output.file, console)
        console.print_messages("note", *notes)
    return code


def _checked(output: Output, context: "typer.Context") -> Output:
    """Check the options of the presentation, and return them with resolved values."""
    if output.file == STDIN:
        output = output._replace(file=None)
    style = _find_style(output, context)
    color = choose(output.color, COLOR_CHOICES, "color setting")
    is_picture = style in PICTURES
    if is_picture and output.chart is None:
        *others, last = (f".{each}" for each in EXTENSIONS if each not in PICTURES)
        raise UsageError(
            f"'{context.info_name}' has no chart. Its --output can end in "
            f"{', '.join(others)} or {last}.",
            argument="output",
        )
    if output.chart and not is_picture and style != TABLE:
        raise UsageError(f"a chart cannot be written as {style}.", argument="chart")
    output = output._replace(style=style, color=color)
    if is_picture:
        output = output._replace(chart=True)
    drawn = "a page" if _is_page(output, context) else "a chart"
    check_length(output.sections or "", "sections")
    if output.sections is not None and drawn == "a chart":
        text = " are added to a page that --output FILE.html writes."
        raise UsageError(Argument("sections"), text, argument="sections")
    if output.fields is not None and (output.chart or drawn == "a page"):
        raise UsageError(f"--fields and {drawn} cannot be combined.", argument="fields")
    return output


def _is_page(output: Output, context: "typer.Context") -> bool:
    """Return whether to write the page of a role, which has more in a document."""
    is_page = QUESTIONS[str(context.info_name)].is_nested
    return bool(is_page and output.file and output.style == "html")


def _find_style(output: Output, context: "typer.Context") -> str:
    """Return the format of the output.

    Options take precedence over the environment, and so does the extension of a file.
    """
    style, name = output.style, f"--format {shortened(output.style)}"
    source = context.get_parameter_source("style")
    given = source.name if source else "DEFAULT"
    if output.as_json:
        if given == "COMMANDLINE" and style.casefold() != "json":
            raise UsageError(f"--json and {name} cannot be combined.")
        style, name, given = "json", "--json", "COMMANDLINE"
    extended = None if output.file is None else _format_of(output.file)
    if given != "COMMANDLINE":
        if extended is not None:
            return extended
        if output.chart:
            return TABLE
    try:
        found = find_format(style)
    except UsageError as error:
        name = "MLROLES_FORMAT" if given == "ENVIRONMENT" else "--format"
        raise UsageError(
            f"{name}: ",
            *error.messages,
            argument=error.argument,
            suggestions=error.suggestions,
        ) from None
    if extended not in {None, found}:
        text = f"{name} and --output {output.file} cannot be combined."
        raise UsageError(text, argument="output")
    return found


def _format_of(file: str) -> str:
    """Return the format that the extension of a file chooses."""
    _, dot, extension = file.rpartition(".")
    style = EXTENSIONS.get(extension.lower()) if dot else None
    if style is None:
        *others, last = (f".{each}" for each in EXTENSIONS)
        text = f"--output: FILE must end in {', '.join(others)} or {last}."
        raise UsageError(text, argument="output")
    return style


def ask(
    question: "Callable[..., Answer[Any]]",
    command: str,
    data: "Dataset",
    values: dict[str, Any],
) -> "Answer[Any]":
    """Return the answer to a question, whose amount and roles are words as typed.

    Args:
        question: The function of a command, which takes the data set first.
        command: The name of the command.
        data: The data set.
        values: The values of its options.

    Raises:
        UsageError: A value is invalid. If it fails for a place that is not quoted, as
            in `--to san francisco`, the message says so.
    """
    # Those that options name; others were read as words.
    places = [each for name in _PLACES for each in as_list(values.get(name))]
    typed = (values.get(name) for name in ("amount", "role", "roles"))
    words = [word for each in typed for word in as_list(each)]
    notes: list[str] = []
    try:
        if not _is_plain(data, words, values):
            from mlroles.cli.typed import fill

            values, notes = fill(data, command, words, values)
        elif "role" in values:
            values = {**values, "role": " ".join(words) if words else None}
        answer = question(data, **values)
    except UsageError:
        for first in places[:_MAX_PLACES]:
            _check_quoted(data, first, words[:_MAX_WORDS])
        raise
    return answer._replace(notes=[*notes, *answer.notes]) if notes else answer


def _is_plain(data: "Dataset", words: list[str], values: dict[str, Any]) -> bool:
    """Return whether words are no more than one role, and no place abroad is asked."""
    if "amount" in values or any(values.get(each) for each in (*_PLACES, "country")):
        return False
    # Pay records of one's own may be of a country abroad.
    if data.is_own:
        return False
    if len(words) == 1 and not words[0].strip():
        # Its error is that of the role.
        return "role" in values
    return not words or ("role" in values and data.is_role_name(" ".join(words)))


def _check_quoted(data: "Dataset", first: str, words: list[str]) -> None:
    """Raise an error if words that follow the first one complete it to a place."""
    spans = sorted(combinations(range(len(words) + 1), 2), key=lambda s: s[0] - s[1])
    # The longest first: "salt lake city", not "salt lake".
    for start, end in spans:
        full = " ".join([first, *words[start:end]])
        # A role after a place that cannot be used for another reason.
        if data.is_role_name(" ".join(words[start:end])):
            continue
        try:
            place = data.places.find(full)
        except UsageError:
            continue
        raise UsageError(
            f"a place of several words must be quoted. Did you mean {quoted(full)} "
            f"({place.short_name})?",
            suggestions=[full],
        ) from None


def first_rows(answer: "Answer[Any]", count: int) -> "Answer[Any]":
    """Return an answer with its first rows, and the number of further ones."""
    if len(answer.rows) <= count:
        return answer
    more = answer.more + len(answer.rows) - count
    return answer._replace(rows=answer.rows[:count], more=more)


def _is_empty(answer: "Answer[Any]") -> bool:
    """Return whether an answer is empty: a figure is if it has no source."""
    if {"median", "place"} <= {*answer.question.keys}:
        return all(row["source"] is None for row in rows_of(answer))
    return answer.question.is_empty(answer.rows)


def _drawn(
    answer: "Answer[Any]", output: Output
) -> "tuple[Answer[Any], Output, list[str]]":
    """Return an answer and an output that make a readable chart, and notes on them."""
    rows = answer.rows
    count = len(rows) if isinstance(rows, list) else 0
    # In a ranking, one row has nothing to compare.
    if count == 1 and answer.question.sorts and answer.question is not RELOCATE:
        note = "one row is not drawn as a chart"
        if output.style in PICTURES:
            note = f"{note}; {output.file} was not changed"
            output = output._replace(style=TABLE, file=None)
        return answer, output._replace(chart=False), [note]
    # Years and months are one line.
    if count <= _MAX_DRAWN or answer.question.is_timeline:
        return answer, output, []
    note = f"the chart has the first {_MAX_DRAWN} of {count:,} rows"
    answer = answer._replace(rows=rows[:_MAX_DRAWN], more=count - _MAX_DRAWN)
    return answer, output, [note]


def _write(
    answer: "Answer[Any]", output: Output, file: str, console: Console
) -> list[str]:
    """Write an answer to a file; return notes on what was done."""
    from mlroles.dataset.write import check_target, write_file

    style, force = output.style, output.force
    notes: list[str] = []
    if style in PICTURES:
        from mlroles.extras.pictures import draw, is_picture

        article = "a" if style.startswith("p") else "an"
        kind = f"{article} {style.upper()} picture"
        check_target(file, kind, lambda path: is_picture(path, style), force=force)
        picture = draw(answer, style)
        if picture is None:
            return [f"nothing to draw; {file} was not changed"]
        content: str | bytes
        content, notes = picture
    elif style == "html":
        from mlroles.output import document

        kind = "a page of mlroles"
        check_target(file, kind, document.is_document, force=force)
        content = document.document(answer, output.sections, details=output.details)
    else:
        check_target(file, force=force)
        layout = Layout(
            console.file_width, chart=bool(output.chart), details=output.details
        )
        content = render(answer, style, layout)
    write_file(file, content)
    return [*notes, f"wrote {file}"]


def _print(answer: "Answer[Any]", output: Output, console: Console) -> None:
    """Print an answer, through a pager if it is long text."""
    if output.style in MACHINE_FORMATS:
        # UTF-8, whatever the encoding of the terminal.
        console.write(render(answer, output.style, Layout()), "utf-8")
        return
    colors = console.shows_color(output.color)
    layout = Layout(
        console.width,
        console.unicode,
        colors,
        bool(output.chart),
        details=output.details,
    )
    write = console.write if output.no_pager else console.page
    write(render(answer, output.style, layout))
