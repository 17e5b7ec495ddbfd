"""What a data set contains about roles and sources."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from mlroles.queries.answer import NO_FILTERS, Answer, Base, Filters, source_ids
from mlroles.queries.compare import compare, with_similar
from mlroles.queries.pay import default_country, local_currency
from mlroles.queries.salary import salary
from mlroles.questions import DESCRIBE, DUTIES, FAQ, ROLES, SHOW, SOURCES, Row

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role


# The rows of the rankings on the page of a role.
_PLACES = 3
_TECHNOLOGIES = 10
# Those in a document.
_ROWS = 10
_DESCRIPTION = ("description", "collaborators", "skills", "applications")


def describe(data: Dataset, role: str | None = None) -> Answer[Row]:
    """Return what a role is, its colleagues, skills and applications.

    Returns:
        One row with the keys of `questions.DESCRIBE`. The technologies are those in
        demand in the official occupations that list the role, as far as this is known.

    Raises:
        UsageError: Unknown role.
    """
    from mlroles.queries.market import technologies_in_demand

    found = data.role(role)
    technologies, origin = technologies_in_demand(data, found)
    row = {**_row(found, *_DESCRIPTION), "technologies": technologies}
    cited = (origin.source,) if origin else ()
    return Answer(DESCRIBE, row, data, context=origin, cited=cited)


def duties(data: Dataset, role: str | None = None) -> Answer[Row]:
    """Return the duties of a role.

    Raises:
        UsageError: Unknown role.
    """
    return Answer(DUTIES, _row(data.role(role), "duties"), data)


def faq(data: Dataset, role: str | None = None) -> Answer[list[Row]]:
    """Return common questions about a role, and answers.

    Raises:
        UsageError: Unknown role.
    """
    rows = [dict(each) for each in data.role(role)["faq"]]
    return Answer(FAQ, rows, data)


def show(data: Dataset, role: str | None = None) -> Answer[dict[str, Any]]:
    """Return the page of a role.

    Returns:
        A dictionary with the keys of `questions.SHOW`. Each value is what the function
        of that name returns; `compare` contains the role and its similar roles.
        `locations` and `skills` contain the first rows.

    Raises:
        UsageError: Unknown role.
    """
    from mlroles.queries.locations import highest
    from mlroles.queries.outlook import outlook
    from mlroles.queries.skills import skills

    found = data.role(role)
    filters, currency = NO_FILTERS, None
    if data.is_own:
        # All figures are of the country with most records of the role.
        country, _ = default_country(data, [found])
        filters, currency = Filters(country=country), local_currency(data, country)
    similar = [each["id"] for each in with_similar(data, found)]
    parts: dict[str, Answer[Any]] = {
        "describe": describe(data, found["id"]),
        "duties": duties(data, found["id"]),
        "salary": salary(data, found["id"], filters=filters, currency=currency),
        "compare": compare(data, similar, filters=filters, currency=currency),
        "faq": faq(data, found["id"]),
        "locations": highest(data, found, _PLACES),
        "skills": skills(data, found["id"], limit=_TECHNOLOGIES),
        "outlook": outlook(data, found["id"]),
    }
    rows = {name: part.rows for name, part in parts.items()}
    notes = parts["salary"].notes
    if data.table("occupations"):
        # That the role has no occupation, but not in data sets without any.
        notes = [*notes, *parts["outlook"].notes]
    cited = tuple(each for part in parts.values() for each in part.cited)
    answer = Answer(SHOW, rows, data, notes=notes, context=parts, cited=cited)
    return answer._replace(exchange=parts["salary"].exchange)


def page(data: Dataset, role: str | None = None) -> Answer[dict[str, Any]]:
    """Return the page of a role for a document, which has more than `show`.

    Returns:
        The answer of `show`, with more parts: `locations`, `employers` and `industries`
        with the first ten rows, and `sources`, those of the figures on the page.

    Raises:
        UsageError: Unknown role.
    """
    from mlroles.queries.employers import employers
    from mlroles.queries.industries import industries
    from mlroles.queries.locations import locations

    answer = show(data, role)
    name = answer.rows["describe"]["role"]
    parts: dict[str, Answer[Any]] = {
        **answer.context,
        "locations": locations(data, name, limit=_ROWS),
        "employers": employers(data, name, limit=_ROWS),
        "industries": industries(data, name, limit=_ROWS),
    }
    used = {*answer.cited, *source_ids([part.rows for part in parts.values()])}
    known = sources(data)
    rows = [row for row in known.rows if row["id"] in used]
    parts["sources"] = known._replace(rows=rows)
    return answer._replace(context=parts)


def roles(data: Dataset) -> Answer[list[Row]]:
    """Return the roles of the data set, in its order."""
    rows = [_row(role, "aliases") for role in data.roles]
    default = data.role()
    base = Base(default["title"], default["id"])
    return Answer(ROLES, rows, data, base=base)


def sources(data: Dataset) -> Answer[list[Row]]:
    """Return the sources of all figures.

    Returns:
        Rows with the keys of `questions.SOURCES`.
    """
    rows: list[Row] = [deepcopy(dict(source)) for source in data.sources.values()]
    for row in rows:
        row["period_covered"] = row.pop("covered", None)
    return Answer(SOURCES, [SOURCES.row(row) for row in rows], data)


def _row(role: Role, *keys: str) -> Row:
    # A copy, so that changing an answer does not change the data set.
    values: Row = deepcopy(dict(role))
    return {"role": role["id"], "title": role["title"], **{k: values[k] for k in keys}}
