"""The commands about pay: salary, compare, locations and offer."""

from typing import Annotated

import typer

import mlroles
from mlroles.cli import options as opt
from mlroles.cli.console import Desk, tell
from mlroles.matching import find_role, find_roles, one_of
from mlroles.queries.compare import SORTS
from mlroles.queries.locations import SORTS as PLACE_SORTS
from mlroles.queries.locations import base_of
from mlroles.queries.offer import parse_amount
from mlroles.queries.pay import DIMENSIONS


def salary(
    role: opt.RoleName = None,
    *,
    by: opt.By = None,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    chart: opt.Chart = False,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role earns."""
    words, file = opt.split_svg(role, chart=chart)
    desk = Desk(style, data_file, as_json=as_json, chart=chart, picture=file)
    name = opt.role_name(words)
    where = mlroles.Where(year, country, experience, work_mode)
    if by is None:
        row = mlroles.salary(desk.data, name, where=where, per=per, notify=tell)
        desk.answer(row, "salary", asked=where.narrows())
    else:
        rows = mlroles.salary_by(desk.data, by, name, where=where, per=per, notify=tell)
        split = one_of(by, DIMENSIONS, "way to split pay").replace("-", "_")
        desk.answer(rows, "salary-by", by=split)


def compare(
    roles: opt.RoleNames = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All roles.")] = False,
    sort: opt.RoleSort = "salary",
    reverse: opt.Reverse = False,
    limit: opt.Limit = None,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    chart: opt.Chart = False,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """How roles compare, side by side."""
    words, file = opt.split_svg(roles, chart=chart)
    desk = Desk(style, data_file, as_json=as_json, chart=chart, picture=file)
    names = find_roles(desk.data, words)
    rows = mlroles.compare(
        desk.data,
        names,
        every=every,
        sort=sort,
        reverse=reverse,
        limit=limit,
        where=mlroles.Where(year, country, experience, work_mode),
        per=per,
        notify=tell,
    )
    base = find_role(desk.data, *names[:1])["id"]
    column = SORTS[one_of(sort, SORTS, "column to sort by")]
    desk.answer(rows, "compare", base=base, sort=column, reverse=reverse)


def locations(
    role: opt.RoleName = None,
    *,
    level: opt.Level = None,
    match: opt.Match = None,
    min_records: opt.MinRecords = None,
    sort: opt.PlaceSort = "median",
    reverse: opt.Reverse = False,
    limit: opt.Limit = None,
    year: opt.Year = None,
    country: opt.BaseCountry = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    chart: opt.Chart = False,
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Where a role earns more: metro areas, states, countries."""
    words, file = opt.split_svg(role, chart=chart)
    desk = Desk(style, data_file, as_json=as_json, chart=chart, picture=file)
    where = mlroles.Where(year, country, experience, work_mode)
    rows = mlroles.locations(
        desk.data,
        opt.role_name(words),
        level=level,
        match=match,
        min_records=min_records,
        sort=sort,
        reverse=reverse,
        limit=limit,
        where=where,
        per=per,
        notify=tell,
    )
    base = base_of(desk.data, rows, where)
    column = one_of(sort, PLACE_SORTS, "column to sort by")
    desk.answer(rows, "locations", base=base, sort=column, reverse=reverse)


def offer(
    amount: Annotated[
        str,
        typer.Argument(
            metavar="AMOUNT",
            help="As in 150000, 150,000 or 150k; a $ before it needs quotes.",
        ),
    ],
    role: opt.RoleName = None,
    *,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    style: opt.Format = None,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Where an offer stands among what is paid."""
    desk = Desk(style, data_file, as_json=as_json)
    row = mlroles.offer(
        desk.data,
        parse_amount(amount, desk.data["currency"]),
        opt.role_name(role),
        where=mlroles.Where(year, country, experience, work_mode),
        per=per,
        notify=tell,
    )
    desk.answer(row, "offer")
