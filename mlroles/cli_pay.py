"""The commands about pay: salary, compare, locations and offer."""

from typing import Annotated

import typer

import mlroles
from mlroles import options as opt
from mlroles.compare import SORTS
from mlroles.names import find_role, one_of
from mlroles.offer import parse_amount
from mlroles.places import base_country
from mlroles.terminal import Desk, tell


def salary(
    role: opt.RoleName = None,
    by: opt.By = None,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    style: opt.Format = None,
    *,
    chart: opt.Chart = False,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """What a role earns."""
    desk = Desk(style, data_file, as_json=as_json)
    words, file = opt.split_svg(role, chart=chart)
    name, where = (
        opt.role_name(words),
        mlroles.Where(year, country, experience, work_mode),
    )
    if by is None:
        row = mlroles.salary(desk.data, name, where=where, per=per, notify=tell)
        desk.answer(row, "salary", file, chart=chart)
    else:
        rows = mlroles.salary_by(desk.data, by, name, where=where, per=per, notify=tell)
        desk.answer(rows, "salary-by", file, chart=chart)


def compare(
    roles: opt.RoleNames = None,
    sort: opt.RoleSort = "salary",
    limit: opt.Limit = None,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    style: opt.Format = None,
    *,
    chart: opt.Chart = False,
    every: Annotated[bool, typer.Option("--all", help="All roles.")] = False,
    reverse: opt.Reverse = False,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """How roles compare, side by side."""
    desk = Desk(style, data_file, as_json=as_json)
    names, file = opt.split_svg(roles, chart=chart)
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
    desk.answer(
        rows, "compare", file, base=base, sort=column, reverse=reverse, chart=chart
    )


def locations(
    role: opt.RoleName = None,
    level: opt.Level = None,
    match: opt.Match = None,
    min_records: opt.MinRecords = None,
    sort: opt.PlaceSort = "median",
    limit: opt.Limit = None,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    style: opt.Format = None,
    *,
    chart: opt.Chart = False,
    reverse: opt.Reverse = False,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Where a role earns more: metro areas, states, countries."""
    desk = Desk(style, data_file, as_json=as_json)
    words, file = opt.split_svg(role, chart=chart)
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
    countries = rows and rows[0]["level"] == "country"
    base = base_country(desk.data, where) if countries else None
    filters = ", ".join(name for name in (experience, work_mode) if name)
    desk.answer(
        rows,
        "locations",
        file,
        base=base,
        sort=sort,
        reverse=reverse,
        chart=chart,
        filters=filters,
    )


def offer(
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help="As in 150000, 150,000 or 150k.")
    ],
    role: opt.RoleName = None,
    year: opt.Year = None,
    country: opt.Country = None,
    experience: opt.Experience = None,
    work_mode: opt.WorkMode = None,
    per: opt.Per = "year",
    style: opt.Format = None,
    *,
    as_json: opt.Json = False,
    data_file: opt.DataFile = None,
) -> None:
    """Where an offer stands among what is paid."""
    desk = Desk(style, data_file, as_json=as_json)
    row = mlroles.offer(
        desk.data,
        parse_amount(amount),
        opt.role_name(role),
        where=mlroles.Where(year, country, experience, work_mode),
        per=per,
        notify=tell,
    )
    desk.answer(row, "offer")
