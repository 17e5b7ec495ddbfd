"""The same question about several places, roles or offers, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.kinds import KINDS
from mlroles.errors import UsageError
from mlroles.matching import as_list
from mlroles.money import PERIODS, adjust, whole
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.offer import Context, offer
from mlroles.queries.salary import salary
from mlroles.questions import OFFER_AT, SALARY_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlroles.dataset.dataset import Dataset
    from mlroles.questions import Question, Row

# What no source has in a metro area or a state.
_LEVELS = {"experience": None, "work_mode": None}
_OF_ALL = "in metro areas and states, figures are of all levels and work modes"


def salaries(
    data: Dataset,
    roles: Iterable[str | None],
    locations: Iterable[str],
    *,
    filters: Filters = NO_FILTERS,
    **options: Any,
) -> Answer[list[Row]]:
    """Return what roles pay in several places, in the order in which they are given.

    A level or a work mode, which no source has in a metro area or a state, applies to
    countries; it has a row of its own for each role, that of the United States. Rows
    are of one kind of source if it has all of them. `options` are those of `salary`.

    Returns:
        Rows with the keys of `questions.SALARY`.

    Raises:
        UsageError: As for `salary`.
    """
    names, places = list(roles), list(locations)
    asked = [_at(data, place, filters) for place in places]
    asked += _without_place(asked, filters)
    answers = [
        salary(data, role, **each, **options) for role in names for each in asked
    ]
    is_dropped = any(each["filters"] != filters for each in asked)
    return _joined(SALARY_AT, answers, is_dropped=is_dropped)


def offers(data: Dataset, offered: Iterable[Mapping[str, Any]]) -> Answer[list[Row]]:
    """Return where offers rank, in the order in which they are given.

    Args:
        data: A data set.
        offered: The arguments of `offer` for each; `location` may be a list of places,
            which have a row each. Offers for different pay periods are a year each.
            Levels and work modes are as for `salaries`.

    Returns:
        Rows with the keys of `questions.OFFER`.

    Raises:
        UsageError: As for `offer`, or offers in different currencies.
    """
    every = list(offered)
    if len({each["per"] for each in every}) > 1:
        every = list(map(_yearly, every))
    asked: list[dict[str, Any]] = []
    is_dropped = False
    for each in every:
        places = as_list(each["location"]) or (None,)
        found = [{**each, **_at(data, place, each["filters"])} for place in places]
        is_dropped |= any(at["filters"] != each["filters"] for at in found)
        if len(every) == 1:
            rest = _without_place(found, each["filters"])
            found += [{**each, **without} for without in rest]
        asked += found
    answers = [offer(data, **each) for each in asked]
    currencies = dict.fromkeys(answer.rows["currency"] for answer in answers)
    if len(currencies) > 1:
        text = (
            f"offers in {' and '.join(currencies)} cannot be compared. Write all in "
            "one currency, such as 70k USD."
        )
        raise UsageError(text, argument="vs")
    return _joined(OFFER_AT, answers, is_dropped=is_dropped)


def _yearly(offered: Mapping[str, Any]) -> dict[str, Any]:
    """Return an offer with its amounts a year."""
    times = PERIODS[offered["per"]]
    ends = {
        key: None if offered[key] is None else whole(offered[key] * times)
        for key in ("amount", "high")
    }
    return {**offered, **ends, "per": "year"}


def _at(data: Dataset, place: str | None, filters: Filters) -> dict[str, Any]:
    """Return the arguments for one of several places."""
    if place is not None and data.places.find(place).is_area:
        filters = filters._replace(**_LEVELS)
    return {"location": place, "filters": filters}


def _without_place(
    asked: Iterable[Mapping[str, Any]], filters: Filters
) -> list[dict[str, Any]]:
    """Return the arguments for a level or a work mode that places do not have."""
    is_dropped = any(each["filters"] != filters for each in asked)
    return [{"location": None, "filters": filters}] if is_dropped else []


def _joined(
    question: Question, answers: list[Answer[Row]], *, is_dropped: bool
) -> Answer[list[Row]]:
    """Return answers about one object each as one answer.

    `is_dropped` is whether places do not have a level or a work mode that was asked.
    """
    first = answers[0]
    exchange = first.exchange
    for each in answers:
        if exchange and each.exchange:
            exchange.used.update(each.exchange.used)
    notes = dict.fromkeys(note for each in answers for note in each.notes)
    if is_dropped:
        notes = dict.fromkeys([_OF_ALL, *notes])
    found = _of_one_kind(answers)
    if changed := {
        KINDS[before.rows["kind"]].name
        for before, after in zip(answers, found, strict=True)
        if before is not after
    }:
        kind = KINDS[found[0].rows["kind"]].name
        notes[
            f"compared by {kind}, which all of these have; asked alone, some lead with "
            f"{', '.join(sorted(changed))}"
        ] = None
    answers = found
    return Answer(
        question,
        [each.rows for each in answers],
        first.data,
        list(notes),
        context=[each.context for each in answers],
        exchange=exchange,
    )


def _of_one_kind(answers: list[Answer[Row]]) -> list[Answer[Row]]:
    """Return answers whose figures are of one kind of source, if there is one for all.

    Figures of a place lead in the order of their sources; another one may have all.
    """
    kinds = [
        {each["kind"]: at for at, each in enumerate(_figures(answer.rows))}
        for answer in answers
    ]
    # Those without a figure have none of any kind.
    known = [each for each in kinds if None not in each]
    common = [
        kind for kind in next(iter(known), ()) if all(kind in each for each in known)
    ]
    leading = {next(iter(each)) for each in known}
    if len(leading) <= 1 or not common:
        return answers
    return [
        _led_by(answer, of.get(common[0], 0))
        for answer, of in zip(answers, kinds, strict=True)
    ]


def _figures(row: Row) -> list[Row]:
    """Return the figures of the place of a row: the one that leads, then others."""
    others = [e for e in row["other_figures"] if e["region"] == row["region"]]
    return [row, *others] if row["source"] and row["place"] else [row]


def _led_by(answer: Answer[Row], at: int) -> Answer[Row]:
    """Return an answer led by another of its figures, by its index."""
    row = answer.rows
    if at == 0:
        return answer
    lead = _figures(row)[at]
    index = row["other_figures"].index(lead)
    others = [*row["other_figures"]]
    others[index] = {key: row[key] for key in lead}
    changed = {**row, **lead, "other_figures": others}
    level = row["cost_of_living"]
    changed["adjusted_median"] = adjust(lead["median"], level)
    context = answer.context
    if isinstance(context, Context):
        ranks = [*context.others]
        ranks[index], own = context.ranks, ranks[index]
        context = Context(own, ranks)
    return answer._replace(rows=changed, context=context)
