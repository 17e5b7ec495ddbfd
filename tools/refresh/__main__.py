"""Refresh the bundled data from public files, and list the changes.

    PYTHONPATH=tools python -m refresh FOLDER

Texts, headline figures and descriptions of sources in mlroles/data.json are edited by
hand and are not changed, except for numbers of records, digests, and what depends on
the values of a file. The result is reproducible: the same files give the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.dimensions import PLACE_COLUMNS
from mlroles.dataset.validate import validation_errors
from mlroles.dataset.write import dumps
from refresh import (
    advertised,
    employers,
    filings,
    indices,
    industries,
    occupations,
    outlook,
    price_levels,
    rates,
    records,
    technologies,
    titles,
)
from refresh.files import read_csv, sha256
from refresh.places import STATES

if TYPE_CHECKING:
    from mlroles.dataset.schema import DatasetJson

PACKAGE = Path(__file__).parents[2] / "mlroles"
# The files of each source, whose digests are recorded.
FILES = {
    advertised.SOURCE: (
        "aijobs-salaries-2020-2025.csv.gz", "exchange-rates-ecb-yearly.csv",
    ),
    filings.SOURCE: (
        "us-metro-h1b-fy2025.csv", "us-seniority-h1b-by-title-fy2025.csv",
    ),
    records.SOURCE: ("us-h1b-lca-fy2025-records.csv.gz",),
    employers.SOURCE: (
        "us-employer-h1b-by-occupation-fy2025.csv",
        "us-employer-metro-h1b-by-occupation-fy2025.csv",
        "us-employer-h1b-by-title-fy2025.csv",
    ),
    occupations.SOURCE: (
        "us-metro-oews-may2025.csv", "us-state-oews-may2025.csv",
        "us-state-oews-may2025-more.csv", "us-industry-oews-may2025.csv",
    ),
    titles.SOURCE: (
        "onet-titles.csv", "onet-occupations.csv", "onet-technology.csv",
        "onet-data-scientists-in-demand.csv",
    ),
    outlook.PROJECTIONS: ("us-outlook-2024-34.csv",),
    outlook.NEWER: ("us-outlook-2025-35.csv",),
    outlook.AI_SHARE: ("postings-ai-share-monthly.csv",),
    indices.POSTINGS: ("us-postings-software-monthly.csv",),
    indices.PRICES: ("us-cpi-u-monthly.csv",),
    price_levels.PARITIES: ("us-metro-rpp-2024.csv", "us-state-rpp-2024.csv"),
    price_levels.PURCHASING_POWER: (
        "ppp-household-2025.csv", "exchange-rates-ecb-yearly.csv",
    ),
    rates.SOURCE: ("exchange-rates-ecb-yearly.csv",),
}  # fmt: skip


def main(
    folder: Annotated[Path, typer.Argument(help="The folder of the public files.")],
    output: Annotated[Path, typer.Option(help="The package to write to.")] = PACKAGE,
) -> None:
    """Refresh data.json and tables/ from a folder of public files."""
    names = dict.fromkeys(name for of_source in FILES.values() for name in of_source)
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise SystemExit(f"{folder} does not contain {', '.join(missing)}")
    old = json.loads((output / "data.json").read_text(encoding="utf-8"))
    for path, text in refreshed(old, folder).items():
        file = output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.read_text(encoding="utf-8") == text:
            print(f"{path}: no changes")
        else:
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"{path}: written")


def refreshed(old: DatasetJson, folder: Path) -> dict[str, str]:
    """Return the text of each file of the bundled data."""
    files = {
        source: [folder / name for name in names] for source, names in FILES.items()
    }
    postings, ecb = files[advertised.SOURCE]
    data = Dataset(advertised.refresh(old, postings, ecb))
    h1b, tiers = map(read_csv, files[filings.SOURCE])
    single = records.filings(*files[records.SOURCE])
    single_h1b, single_tiers = records.by_metro(single), records.by_tier(single)
    metros, states, more_states, by_industry = files[occupations.SOURCE]
    onet_titles, onet_occupations, onet_technologies, demanded = files[titles.SOURCE]
    listed = titles.listed(data, onet_titles, onet_occupations)
    (projections,), (newer,) = files[outlook.PROJECTIONS], files[outlook.NEWER]
    (ai_shares,) = files[outlook.AI_SHARE]
    (months,), (index,) = files[indices.POSTINGS], files[indices.PRICES]
    places: Any = {
        "columns": list(PLACE_COLUMNS),
        "states": STATES,
        "tables": [
            *filings.metro_tables(data, h1b, filings.SOURCE),
            *occupations.tables(data, metros, states, more_states),
            # Official wages of more areas lead.
            *filings.metro_tables(data, single_h1b, records.SOURCE),
        ],
    }
    order = [role["id"] for role in data.roles]
    places["tables"].sort(key=lambda each: (order.index(each["role"]), each["level"]))
    national_filings = [
        *filings.national(data, h1b, filings.SOURCE),
        *filings.national(data, single_h1b, records.SOURCE),
    ]
    by_employer = employers.employers(
        data, *files[employers.SOURCE], of_records=records.by_employer(single)
    )
    counts = {
        **{
            source: sum(
                row["records"] or 0
                for row in national_filings
                if row["source"] == source
            )
            for source in (filings.SOURCE, records.SOURCE)
        },
        employers.SOURCE: employers.filings(by_employer),
    }
    described = data.sources | {outlook.NEWER: outlook.source(data, newer)}
    # In the old order: the importer puts the source of pay last.
    order_of_sources = [source["id"] for source in old["sources"]]
    sources = [
        {
            **described[name],
            "records": counts.get(name, described[name]["records"]),
            "sha256": sha256(*files[name]) if name in files else [],
        }
        for name in dict.fromkeys([*order_of_sources, outlook.NEWER])
    ]
    parities, _ = files[price_levels.PURCHASING_POWER]
    # Of places without pay, too: people compare what life costs there.
    countries = data.countries | price_levels.names(parities)
    official = occupations.national(data, states, more_states, listed)
    links = titles.occupations(data, listed, states, more_states)
    links["in_demand"] = technologies.in_demand(demanded)
    exchange = rates.rates(ecb, parities)
    tables: dict[str, Any] = {
        "places": places,
        "prices": indices.prices(index),
        "price_levels": [
            *price_levels.areas(*files[price_levels.PARITIES]),
            price_levels.countries(parities, ecb),
        ],
        "price_parts": price_levels.parts(*files[price_levels.PARITIES]),
        "rates": exchange,
        "local_pay": advertised.local_pay(
            data.content, postings, ecb, exchange["currencies"]
        ),
        "range_ends": advertised.range_ends(data.content, postings, ecb),
        "occupations": links,
        "industries": industries.industries(by_industry, official),
        "outlook": outlook.outlook(projections, newer, months, ai_shares),
        "skills": technologies.skills(links, onet_technologies),
        "employers": by_employer,
        "seniority": [
            *filings.seniority(data, tiers, filings.SOURCE),
            *filings.seniority(data, single_tiers, records.SOURCE),
        ],
    }
    document = {
        **data.content,
        "sources": sources,
        "countries": dict(sorted(countries.items())),
        "national": [*national_filings, *official],
        "tables": list(tables),
    }
    whole = {**document, "tables": [], **tables}
    if errors := validation_errors(whole):
        raise SystemExit("\n".join(errors))
    pay: Any = data.pay
    groups: dict[str, Any] = pay["groups"]
    years = {
        role: sorted({group[0] for group in of_role})
        for role, of_role in groups.items()
    }
    document["pay"] = {**pay, "groups": {}, "bundled": years}
    return {
        "data.json": dumps(cast("DatasetJson", document)),
        **{f"tables/{name}.json": dumps(table) for name, table in tables.items()},
        **{f"tables/pay/{role}.json": dumps(rows) for role, rows in groups.items()},
    }


if __name__ == "__main__":
    typer.run(main)
