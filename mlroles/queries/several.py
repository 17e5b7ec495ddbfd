"""The same question about several places or roles, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import REMOTE
from mlroles.errors import UsageError
from mlroles.matching import as_list
from mlroles.money import PERIODS, whole
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.offer import offer
from mlroles.queries.salary import salary
from mlroles.questions import OFFER_AT, SALARY_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def offers(data: Dataset, offered: Iterable[Mapping[str, Any]]) -> Answer[list[Row]]:
    """Return where offers rank, in the order in which they are given.

    Args:
        data: A data set.
        offered: The arguments of `offer` for each; `location` may be a list of places,
            which have a row each. Offers for different pay periods are a year each.

    Returns:
        Rows with the keys of `questions.OFFER`.

    Raises:
        UsageError: As for `offer`, or offers in different currencies.
    """
    every = list(offered)
    if len({each["per"] for each in every}) > 1:
        every = list(map(_yearly, every))
    answers = [
        offer(data, **{**each, **_at(place, each["filters"])})
        for each in every
        for place in as_list(each["location"]) or (None,)
    ]
    currencies = dict.fromkeys(answer.rows["currency"] for answer in answers)
    if len(currencies) > 1:
        text = (
            f"offers in {' and '.join(currencies)} cannot be compared. Write all in "
            "one currency, such as 70k USD."
        )
        raise UsageError(text, argument="vs")
    return _joined(OFFER_AT, answers)


def _yearly(offered: Mapping[str, Any]) -> dict[str, Any]:
    """Return an offer with its amounts a year."""
    times = PERIODS[offered["per"]]
    ends = {
        key: None if offered[key] is None else whole(offered[key] * times)
        for key in ("amount", "high")
    }
    return {**offered, **ends, "per": "year"}


def _at(place: str | None, filters: Filters) -> dict[str, Any]:
    """Return the arguments for one of several places."""
    if place == REMOTE:
        return {"location": None, "filters": filters._replace(work_mode=REMOTE)}
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
