"""From the values of the options to an answer on the screen or in a file."""

# Without `from __future__ import annotations`, as `mlroles.queries.answer`.
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.cli.console import COLOR_CHOICES, Console
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.matching import as_list, choose
from mlroles.output.formats import MACHINE_FORMATS, TABLE, find_format, render
from mlroles.output.layout import Layout
from mlroles.queries import roles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import typer

    from mlroles.dataset.dataset import Dataset
    from mlroles.queries.answer import Answer

_DOCUMENT, _PICTURES = (".html",), (".png", ".svg", ".pdf")
# The options whose values are names of places.
_PLACES = ("location", "from_place", "to_places")


class Output(NamedTuple):
    """The values of the options of the presentation, by their names."""

    style: str
    as_json: bool
    fields: str | None
    color: str
    no_pager: bool
    data_file: str | None
    chart: bool = False
    save_chart: str | None = None
    save: str | None = None


def present(
    question: "Callable[..., Answer[Any]]",
    context: "typer.Context",
    values: "Mapping[str, Any]",
) -> None:
    """Ask a question, and print its answer or save it to a file.

    Args:
        question: The function of a command, which takes the data set first.
        context: The context of Typer.
        values: The values of all options of the command.

    Raises:
        UsageError: The value of an option is invalid, or options cannot be combined.
        DataError: The data set is invalid, or a file cannot be written.
        MlrolesError: Standard output cannot be written to.
    """
    fields = Output._fields
    output = Output(**{key: values[key] for key in values if key in fields})
    output = _checked(output, context)
    asked = {key: values[key] for key in values if key not in fields}
    if output.save is not None:
        # A document has room for more than a terminal.
        question = roles.page
    answer = _ask(question, load(output.data_file), asked)
    if output.fields is not None:
        from mlroles.output.fields import choose_fields

        answer = choose_fields(answer, output.fields, output.style)
    console: Console = context.obj
    console.print_messages("note", *answer.notes)
    if output.save_chart is not None:
        console.print_messages("note", *_save_chart(answer, output.save_chart))
    elif output.save is not None:
        console.print_messages("note", _save_page(answer, output.save))
    else:
        _print(answer, output, console)


def _checked(output: Output, context: "typer.Context") -> Output:
    """Check the options of the presentation, and return them with resolved values."""
    chart = output.chart or output.save_chart is not None
    drawn = "a page" if output.save is not None else "a chart" if chart else ""
    style = _find_style(output, drawn, context)
    color = choose(output.color, COLOR_CHOICES, "color setting")
    _check_ending("--save", output.save, _DOCUMENT)
    _check_ending("--save-chart", output.save_chart, _PICTURES)
    if drawn and output.fields is not None:
        raise UsageError(f"--fields and {drawn} cannot be combined.")
    return output._replace(style=style, color=color, chart=chart)


def _find_style(output: Output, drawn: str, context: "typer.Context") -> str:
    """Return the output format; options take precedence over the environment."""
    style = output.style
    source = context.get_parameter_source("style")
    given = source.name if source else "DEFAULT"
    if output.as_json:
        if given == "COMMANDLINE" and style.casefold() != "json":
            raise UsageError(f"--json and --format {style} cannot be combined.")
        style = "json"
    elif drawn and given == "ENVIRONMENT":
        style = TABLE
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
    if drawn and found != TABLE:
        raise UsageError(f"{drawn} cannot be written as {found}.")
    return found


def _check_ending(option: str, file: str | None, endings: tuple[str, ...]) -> None:
    """Check that the name of a file has an ending that says its format."""
    if file is not None and not file.lower().endswith(endings):
        *others, last = endings
        names = f"{', '.join(others)} or {last}" if others else last
        raise UsageError(f"{option}: FILE must end in {names}.")


def _ask(
    question: "Callable[..., Answer[Any]]", data: "Dataset", values: dict[str, Any]
) -> "Answer[Any]":
    """Return the answer; if it fails for a place that is not quoted, say so.

    In `--to san francisco`, the second word is an argument.
    """
    words = values.get("role") or []
    if "role" in values:
        values = {**values, "role": " ".join(words) if words else None}
    try:
        return question(data, **values)
    except UsageError:
        typed = [each for each in (values.get("amount"), *words) if each]
        for name in _PLACES:
            for first in as_list(values.get(name)):
                _check_quoted(data, first, typed)
        raise


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
            f"a place of several words must be quoted. Did you mean {full!r} "
            f"({place.short_name})?",
            suggestions=[full],
        ) from None


def _save_chart(answer: "Answer[Any]", file: str) -> list[str]:
    """Save the chart of an answer as a picture; return notes on what was done."""
    from mlroles.dataset.write import check_target, write_file
    from mlroles.extras.pictures import draw, is_picture

    style = file.rpartition(".")[2].lower()
    article = "a" if style.startswith("p") else "an"
    kind = f"{article} {style.upper()} picture"
    check_target(file, kind, lambda path: is_picture(path, style))
    picture = draw(answer, style)
    if picture is None:
        return [f"nothing to draw; {file} was not changed"]
    write_file(file, picture.content)
    return [*picture.notes, f"wrote {file}"]


def _save_page(answer: "Answer[Any]", file: str) -> str:
    """Save the page of a role as an HTML document; return a note on what was done."""
    from mlroles.dataset.write import check_target, write_file
    from mlroles.extras.document import document, is_document

    check_target(file, "a page of mlroles", is_document)
    write_file(file, document(answer))
    return f"wrote {file}"


def _print(answer: "Answer[Any]", output: Output, console: Console) -> None:
    """Print an answer, through a pager if it is long text."""
    if output.style in MACHINE_FORMATS:
        # UTF-8, whatever the encoding of the terminal.
        console.write(render(answer, output.style, Layout()), "utf-8")
        return
    colors = console.shows_color(output.color)
    layout = Layout(console.width, console.unicode, colors, output.chart)
    write = console.write if output.no_pager else console.page
    write(render(answer, output.style, layout))
