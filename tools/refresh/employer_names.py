"""The names of employers: which legal names, as filed, are one employer.

1. Two names are equal if they differ in case, spaces, punctuation ("&" is "and"), the
   legal form at their end (Inc., LLC, Corp., Company, N.A. and so on), or what follows
   "d/b/a". The employer has the most frequent of these spellings.
2. Names that are equal to one in GROUPS are of its group, which has been reviewed: the
   legal names of a company that recruits under one name, if they have ten or more of
   the filings together. Subsidiaries that recruit under names of their own are
   employers of their own: Audible and Twitch (Amazon), Aetna and Caremark (CVS),
   Uber Freight (Uber), and ByteDance, which is not TikTok.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEGAL_FORMS = {
    "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp",
    "ltd", "limited", "plc", "pllc", "pc", "pbc", "na",
}  # fmt: skip
_TRADE_NAME = re.compile(r"\bd[/.]?b[/.]?a\b.*", re.IGNORECASE)
GROUPS = {
    "ADP": ["ADP", "ADP Technology Services"],
    "Amazon": [
        "Amazon Advertising", "Amazon Data Services", "Amazon Development Center U.S.",
        "Amazon Retail", "Amazon Web Services", "Amazon.com Services",
    ],
    "Apple": ["Apple", "Apple Payments Services"],
    "Bayer": ["Bayer CropScience", "Bayer Research and Development Services",
              "Bayer U.S."],
    "CVS": ["CVS Pharmacy", "CVS Shared Services Resources", "CVSLogic.com"],
    "Cognizant": ["Cognizant Technology Solutions US"],
    "DISH": ["DISH Network", "DISH Wireless"],
    "Deloitte": ["Deloitte & Touche", "Deloitte Consulting", "Deloitte Services"],
    "FedEx": ["Federal Express", "FedEx Custom Critical", "FedEx Dataworks"],
    "Google": ["Google"],
    "Grainger": ["Grainger Corporate Services", "Grainger Management", "W.W. Grainger"],
    "Home Depot": ["Home Depot Management", "Home Depot USA"],
    "Infosys": ["Infosys"],
    "Intel": ["Intel", "Intel Americas"],
    "LexisNexis Risk Solutions": [
        "LexisNexis Risk Solutions", "LexisNexis Risk Solutions FL",
    ],
    "Mastercard": ["Mastercard International", "Mastercard Technologies"],
    "Meta": ["Meta Platforms"],
    "Point72": ["Point72", "Point72 Asset Management"],
    "SAP": ["SAP America", "SAP Labs"],
    "SoFi": ["Social Finance", "SoFi Bank"],
    "TikTok": ["TikTok", "TikTok U.S. Data Security"],
    "Visa": ["Visa Technology & Operations", "Visa U.S.A."],
    "Walmart": ["Wal-Mart Associates"],
    "Zoom": ["Zoom Communications", "Zoom Video Communications"],
}  # fmt: skip


def key(name: str) -> str:
    """Return what is equal in the names of one employer (see the rules above)."""
    legal = _TRADE_NAME.sub("", name) or name
    plain = re.sub(r"[.'\u2019]", "", legal.casefold().replace("&", " and "))
    words = re.findall(r"\w+", plain)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS | {"and"}:
        words.pop()
    return " ".join(words)


def joined(names: Iterable[str]) -> dict[str, str]:
    """Return the name of the employer of each name.

    Args:
        names: The names of all filings, as filed: the most frequent spelling counts.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        spellings[key(name)][name] += 1
    groups = {key(name): group for group, of in GROUPS.items() for name in of}
    return {
        name: groups.get(each) or _most_frequent(counts)
        for each, counts in spellings.items()
        for name in counts
    }


def _most_frequent(spellings: Counter[str]) -> str:
    """Return the most frequent spelling, the first from A to Z of several."""
    trimmed: Counter[str] = Counter()
    for name, count in spellings.items():
        trimmed[" ".join(name.split())] += count
    return min(trimmed, key=lambda name: (-trimmed[name], name))
