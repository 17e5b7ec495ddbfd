"""What `mlroles help TOPIC` says beside the help of each command."""

from __future__ import annotations

from mlroles.output.columns import COLUMNS
from mlroles.output.values import wrapped

EXIT_CODES = """\
Exit codes

  0    answered, also when the answer is empty
  1    the data set or a file is at fault, or the answer cannot be written, or what
       import needs is not installed
  2    the command line is at fault: no such role, column, format or country
  130  interrupted

Each fault is one line on standard error; standard output stays empty.
"""
_JSON = """\
Keys of the JSON answers

--json gives one object, or a list of them where a command has many rows. Amounts are
numbers in the currency and for the period that stand beside them, dates are ISO 8601,
what is unknown is null, and nothing found is []. jsonl has one object on each line; csv
and tsv have the same keys as their header, with lists joined by "; ".
"""
_MANY = {"compare", "faq", "locations", "roles", "salary-by", "sources"}


def exit_codes() -> str:
    """What the exit codes mean."""
    return EXIT_CODES


def json_keys() -> str:
    """The keys of every command's JSON answer, from the columns of all formats."""
    parts = [_JSON]
    for name, columns in COLUMNS.items():
        keys = " ".join(column.key for column in columns)
        if name == "show":
            keys = "describe duties salary compare faq, each what that command gives"
        kind = "a list of" if name in _MANY else "an object of"
        command = name.replace("salary-by", "salary --by")
        parts.append(f"{command}: {kind}\n{wrapped(keys, '  ')}\n")
    return "\n".join(parts)


TOPICS = {"exit-codes": exit_codes, "json": json_keys}
