"""The topics of `mlroles help`, besides the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.bundled import read_text
from mlroles.errors import MlrolesError, reason
from mlroles.output.values import wrap
from mlroles.questions import key_meanings

if TYPE_CHECKING:
    from collections.abc import Callable

_EXIT_CODES = {
    "0": "The question was answered, even if the answer is empty; see 3.",
    "1": "A data set or file is invalid, the output cannot be written, or the packages "
    "that a command requires are not installed.",
    "2": "The command line is invalid: an unknown role, column, format or value.",
    "3": "The answer is empty, with --fail-empty.",
    "70": "An error in mlroles itself. Please report it.",
    "130": "The command was interrupted.",
}
_ERRORS = (
    "Each error is one line on standard error; standard output is then empty. With "
    "--format json or jsonl, it is a JSON object with the keys error, argument and "
    "suggestions."
)
_JSON = (
    "--json prints an object, or a list of objects for commands with many rows. "
    "Amounts are numbers, in the given currency and pay period; dates are ISO 8601; "
    "unknown values are null; an empty result is []. JSON Lines (jsonl) has one object "
    "per line. CSV and TSV have the same keys in their header; lists are joined by "
    "'; '. --real adds the key prices; --currency adds exchange_rate and rate_year. "
    "The meanings of the keys are at the end."
)
_MAX_WIDTH = 100


_WORDS = """\
Words after a command

Words are read together, in any order and without quotes. Options say the same, for
scripts.

Roles: an id, a title or an alias, in the singular or plural; 'mlroles roles' lists
them. Titles that no source counts, such as LLM engineer, lead to the closest role, with
a note.

Places: US metro areas by any of their cities, US states and countries, after in, at,
from, to or nothing. Several have a row each; remote with them is a row as well.

Levels and work modes: junior, entry, mid, senior, director; staff and lead in H-1B
filings; remote, hybrid, on-site. Breakdowns: by level, by year, by country; locations
by state.

Amounts of offer and relocate: 150000, 150k, 150k-170k, '$150,000' in single quotes,
95/hr, 8k/month, 500/day, 65k EUR, 12 LPA, 15 lakh. Without a currency, they are in that
of the country that is asked about.

Offers may have a bonus, equity and a signing bonus: bonus 15%, equity 200k/4y, signing
30k, or no bonus; a part that is not given is unknown. vs is between offers.

Examples: mlroles salary senior ml engineer seattle; mlroles offer 185k ds austin
seattle remote; mlroles offer 180k austin bonus 10% vs 200k seattle; mlroles compare mle
vs ds; mlroles relocate 172k from austin to denver.
"""


def words(width: int) -> str:
    """Return the help on what can be typed after a command."""
    paragraphs = (" ".join(each.split()) for each in _WORDS.split("\n\n"))
    return "\n\n".join(wrap(each, width) for each in paragraphs) + "\n"


def exit_codes(width: int) -> str:
    """Return the help on exit codes."""
    lines = [
        wrap(text, width, " " * 7, f"  {code:<5}") for code, text in _EXIT_CODES.items()
    ]
    return "\n".join(["Exit codes", "", *lines, "", wrap(_ERRORS, width), ""])


def json_keys(width: int) -> str:
    """Return the help on the keys of JSON answers and their meanings."""
    known = key_meanings()
    parts = [f"Keys of JSON answers\n\n{wrap(_JSON, width)}\n"]
    for name, answer in known["answers"].items():
        lines = [
            f"{name} ({answer['shape']})",
            *([wrap(answer["about"], width, "  ", "  ")] if answer["about"] else []),
            wrap(" ".join(answer["keys"]), width, "  "),
        ]
        for key, inner in answer["inner_keys"].items():
            label = f"{key} (list of objects):"
            lines.append(wrap(" ".join([label, *inner]), width, "    ", "  "))
        parts.append("\n".join([*lines, ""]))
    meanings = {"Meanings": known["meanings"]}
    meanings |= {name: each["meanings"] for name, each in known["answers"].items()}
    for name, texts in meanings.items():
        title = name if name == "Meanings" else f"Other meanings in {name}"
        lines = [wrap(f"{k}: {text}", width, "    ", "  ") for k, text in texts.items()]
        parts += ["\n".join([title, *lines, ""])] if lines else []
    return "\n".join(parts)


def data(width: int) -> str:
    """Return the page of the documentation on the figures and their sources.

    Raises:
        MlrolesError: The page is missing.
    """
    import io
    import re

    from rich.console import Console
    from rich.markdown import Markdown

    try:
        # In a wheel, or in a clone.
        try:
            text = read_text("docs/data.md")
        except OSError:
            text = read_text("../docs/data.md")
    except OSError as error:
        raise MlrolesError(f"cannot read docs/data.md: {reason(error)}") from None
    # Without the commands that made its examples, and targets of links.
    text = re.sub("<!--.*?-->\n?", "", text, flags=re.DOTALL)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    file = io.StringIO()
    # Longer lines of prose are hard to read.
    width = min(width, _MAX_WIDTH)
    console = Console(file=file, width=width, color_system=None, highlight=False)
    console.print(Markdown(text))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


TOPICS: dict[str, Callable[[int], str]] = {
    "data": data,
    "exit-codes": exit_codes,
    "json": json_keys,
    "words": words,
}
