"""The same question about several places or roles, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import REMOTE
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.offer import offer
from mlroles.queries.salary import salary
from mlroles.questions import OFFER_AT, SALARY_AT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.dataset import Dataset
    from mlroles.questions import Question, Row


def salaries(
    data: Dataset,
    roles: Iterable[str | None],
    locations: Iterable[str],
    *,
    filters: Filters = NO_FILTERS,
    **options: Any,
) -> Answer[list[Row]]:
    """Return what roles pay in several places, in the order in which they are given.

    A location may be `remote`, which no source combines with a place: the United
    States, remote. `options` are those of `salary`.

    Returns:
        Rows with the keys of `questions.SALARY`.

    Raises:
        UsageError: As for `salary`.
    """
    answers = [
        salary(data, role, **_at(place, filters), **options)
        for role in roles
        for place in locations
    ]
    return _joined(SALARY_AT, answers)


def offers(
    data: Dataset,
    amount: float,
    role: str | None,
    locations: Iterable[str],
    *,
    filters: Filters = NO_FILTERS,
    **options: Any,
) -> Answer[list[Row]]:
    """Return where an offer ranks in several places (see `salaries`).

    Returns:
        Rows with the keys of `questions.OFFER`.

    Raises:
        UsageError: As for `offer`.
    """
    answers = [
        offer(data, amount, role, **_at(place, filters), **options)
        for place in locations
    ]
    return _joined(OFFER_AT, answers)


def _at(place: str, filters: Filters) -> dict[str, Any]:
    """Return the arguments for one of several places."""
    if place == REMOTE:
        return {"filters": filters._replace(work_mode=REMOTE)}
    return {"location": place, "filters": filters}


def _joined(question: Question, answers: list[Answer[Row]]) -> Answer[list[Row]]:
    """Return answers about one object each as one answer."""
    first = answers[0]
    exchange = first.exchange
    for each in answers:
        if exchange and each.exchange:
            exchange.used.update(each.exchange.used)
    notes = dict.fromkeys(note for each in answers for note in each.notes)
    return Answer(
        question,
        [each.rows for each in answers],
        first.data,
        list(notes),
        context=[each.context for each in answers],
        exchange=exchange,
    )
