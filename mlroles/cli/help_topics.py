"""The topics of `mlroles help`, besides the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.output.values import wrap
from mlroles.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.questions import Kind

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
    "Full reference: docs/json.md."
)
_INNER_KINDS: dict[Kind, str] = {"row": "object or null", "rows": "list of objects"}


_WORDS = """\
Words after a command

Words are read together, in any order and without quotes. Options say the same, for
scripts.

Roles: an id, a title or an alias, in the singular or plural; 'mlroles roles' lists
them. Titles that no source counts, such as LLM engineer, lead to the closest role, with
a note.

Places: US metro areas, US states and countries, after in, at, from, to or nothing.
Several have a row each; remote with them is a row as well.

Levels and work modes: junior, entry, mid, senior, director; staff and lead in H-1B
filings; remote, hybrid, on-site.

Amounts of offer and relocate: 150000, 150k, 150k-170k, $150,000 in quotes, 95/hr,
8k/month, 500/day, 65k EUR, 12 LPA, 15 lakh. Without a currency, they are in that of the
country that is asked about.

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
    """Return the help on the keys of JSON answers, from the columns of the formats."""
    parts = [f"Keys of JSON answers\n\n{wrap(_JSON, width)}\n"]
    for question in QUESTIONS.values():
        kind = "object" if question.is_object else "list of objects"
        keys = " ".join(question.keys)
        if question.is_nested:
            keys += ": the answers of these commands, some shortened"
        lines = [f"{question.name} ({kind})", wrap(keys, width, "  ")]
        for column in question.columns if not question.is_nested else ():
            if column.columns:
                label = f"{column.key} ({_INNER_KINDS[column.kind]}):"
                inner = " ".join([label, *(each.key for each in column.columns)])
                lines.append(wrap(inner, width, "    ", "  "))
        parts.append("\n".join([*lines, ""]))
    return "\n".join(parts)


TOPICS: dict[str, Callable[[int], str]] = {
    "exit-codes": exit_codes,
    "json": json_keys,
    "words": words,
}
