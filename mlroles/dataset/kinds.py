"""The kinds of sources, and how people read them."""

# Without `from __future__ import annotations`: NamedTuple compiles each annotation that
# is a string.
from typing import Literal, NamedTuple, TypeAlias

KindName: TypeAlias = Literal[
    "advertised", "filings", "official", "job-site", "records", "index",
    "exchange-rates", "occupations", "projections",
]  # fmt: skip


class SourceKind(NamedTuple):
    """A kind of source."""

    name: str
    """What its figures are: `advertised pay`."""
    counted: str
    """What is counted, in the singular: `filing`."""
    reason: str = ""
    """Why its figures of pay differ from those of other kinds."""


KINDS: dict[KindName, SourceKind] = {
    "advertised": SourceKind(
        "advertised pay",
        "distinct posting",
        "advertised pay is the middle of the ranges in postings",
    ),
    "filings": SourceKind(
        "H-1B filings",
        "H-1B filing",
        "H-1B filings come only from employers that sponsor visas, and count every "
        "title that contains the role's name, at any level of seniority",
    ),
    "official": SourceKind(
        "official wages",
        "record",
        "official occupations have other jobs and lack many of the role, and their "
        "wages include commissions, production bonuses and tips",
    ),
    "job-site": SourceKind(
        "job-site average", "report", "the job-site average dates from {date}"
    ),
    "records": SourceKind(
        "pay records", "record", "pay records are those that were imported"
    ),
    "index": SourceKind("index", "point"),
    "exchange-rates": SourceKind("exchange rates", "rate"),
    "occupations": SourceKind("official occupations", "title"),
    "projections": SourceKind("employment projections", "projection"),
}
