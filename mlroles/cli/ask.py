"""Answers to questions that are typed in words, for Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.cli import commands  # noqa: F401 - registers the commands
from mlroles.cli.options import REQUIRED
from mlroles.cli.registry import COMMANDS
from mlroles.cli.typed import fill
from mlroles.matching import choose

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.queries.answer import Answer


def ask(data: Dataset, question: str) -> Answer[Any]:
    """Answer a question that is typed in words (see `mlroles.ask`).

    Raises:
        UsageError: A word is unknown, or a command is not a question.
    """
    name, *words = question.split() or [""]
    questions = {each: c for each, c in COMMANDS.items() if c.is_question}
    name = choose(name, questions.keys(), "question")
    command = questions[name]
    values = {
        each.name: None if each.default is REQUIRED else each.default
        for each in command.options
    }
    filled, notes = fill(data, command=name, words=words, values=values)
    answer: Answer[Any] = command.function(data, **filled)
    return answer._replace(notes=[*notes, *answer.notes])
