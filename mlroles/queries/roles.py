"""What the data set says of one role, and which roles and sources it has."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from mlroles.matching import find_role
from mlroles.queries.compare import compare, with_similar
from mlroles.queries.rows import silent
from mlroles.queries.salary import salary

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset
    from mlroles.queries.rows import Notify, Row


def describe(data: Dataset, role: str | None = None) -> Row:
    """What a role is, whom it works with, what it must know, where its work ends up.

    Returns:
        One row of `role title description collaborators skills applications`.

    Raises:
        UsageError: No such role.
    """
    return _of(data, role, "description", "collaborators", "skills", "applications")


def duties(data: Dataset, role: str | None = None) -> Row:
    """What a role does: one row of `role title duties`.

    Raises:
        UsageError: No such role.
    """
    return _of(data, role, "duties")


def faq(data: Dataset, role: str | None = None) -> list[Row]:
    """Questions that people ask about a role: rows of `question answer`.

    Raises:
        UsageError: No such role.
    """
    return [dict(question) for question in find_role(data, role)["faq"]]


def show(
    data: Dataset, role: str | None = None, *, notify: Notify = silent
) -> dict[str, Any]:
    """The whole page of a role: `describe duties salary compare faq`.

    Under each name stands what the function of that name gives; `compare` is the
    role beside its similar ones. `notify` is told in words when the survey's
    default was widened or nothing was found.

    Raises:
        UsageError: No such role.
    """
    found = find_role(data, role)
    name = found["id"]
    return {
        "describe": describe(data, name),
        "duties": duties(data, name),
        "salary": salary(data, name, notify=notify),
        "compare": compare(data, [r["id"] for r in with_similar(data, found)]),
        "faq": faq(data, name),
    }


def roles(data: Dataset) -> list[Row]:
    """The roles that the data set knows: rows of `role title aliases`."""
    return [
        {"role": role["id"], "title": role["title"], "aliases": list(role["aliases"])}
        for role in data["roles"]
    ]


def sources(data: Dataset) -> list[Row]:
    """Where every figure comes from.

    Returns:
        Rows of `id title publisher url licence updated records method caveats`.
    """
    return [deepcopy(dict(source)) for source in data["sources"]]


def _of(data: Dataset, name: str | None, *keys: str) -> Row:
    # What a caller does to an answer is not done to the data set.
    role: Row = deepcopy(dict(find_role(data, name)))
    return {"role": role["id"], "title": role["title"], **{k: role[k] for k in keys}}
