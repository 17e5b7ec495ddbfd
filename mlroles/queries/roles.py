"""What a data set contains about roles and sources."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from mlroles.matching import find_role
from mlroles.queries.answer import Answer, Base, Labels, Row
from mlroles.queries.compare import compare, with_similar
from mlroles.queries.salary import salary

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset, Role


def describe(data: Dataset, role: str | None = None) -> Answer[Row]:
    """Return what a role is, its collaborators, skills and applications.

    Returns:
        One row with the keys `role title description collaborators skills
        applications`.

    Raises:
        UsageError: Unknown role.
    """
    return _describe(data, find_role(data, role))


def duties(data: Dataset, role: str | None = None) -> Answer[Row]:
    """Return what a role does: one row with the keys `role title duties`.

    Raises:
        UsageError: Unknown role.
    """
    return _duties(data, find_role(data, role))


def faq(data: Dataset, role: str | None = None) -> Answer[list[Row]]:
    """Return common questions about a role: rows with the keys `question answer`.

    Raises:
        UsageError: Unknown role.
    """
    return _faq(data, find_role(data, role))


def show(data: Dataset, role: str | None = None) -> Answer[dict[str, Any]]:
    """Return the page of a role, with the keys `describe duties salary compare faq`.

    Each value is what the function of that name returns; `compare` contains the role
    and its similar roles.

    Raises:
        UsageError: Unknown role.
    """
    found = find_role(data, role)
    similar = [each["id"] for each in with_similar(data, found)]
    parts: dict[str, Answer[Any]] = {
        "describe": _describe(data, found),
        "duties": _duties(data, found),
        "salary": salary(data, found["id"]),
        "compare": compare(data, similar),
        "faq": _faq(data, found),
    }
    rows = {name: part.rows for name, part in parts.items()}
    notes = parts["salary"].notes
    return Answer("show", rows, Labels(data), notes=notes, parts=parts)


def roles(data: Dataset) -> Answer[list[Row]]:
    """Return the roles of the data set: rows with the keys `role title aliases`."""
    rows = [
        {"role": role["id"], "title": role["title"], "aliases": list(role["aliases"])}
        for role in data["roles"]
    ]
    default = find_role(data)
    return Answer(
        "roles", rows, Labels(data), base=Base(default["title"], default["id"])
    )


def sources(data: Dataset) -> Answer[list[Row]]:
    """Return the sources of all figures.

    Returns:
        Rows with the keys `id title publisher url licence updated records method
        caveats`.
    """
    rows = [deepcopy(dict(source)) for source in data["sources"]]
    return Answer("sources", rows, Labels(data))


def _describe(data: Dataset, role: Role) -> Answer[Row]:
    keys = ("description", "collaborators", "skills", "applications")
    return Answer("describe", _row(role, *keys), Labels(data))


def _duties(data: Dataset, role: Role) -> Answer[Row]:
    return Answer("duties", _row(role, "duties"), Labels(data))


def _faq(data: Dataset, role: Role) -> Answer[list[Row]]:
    return Answer("faq", [dict(each) for each in role["faq"]], Labels(data))


def _row(role: Role, *keys: str) -> Row:
    # A copy, so that changing an answer does not change the data set.
    values: Row = deepcopy(dict(role))
    return {"role": role["id"], "title": role["title"], **{k: values[k] for k in keys}}
