-- The queries of reading.py and records.py, by name. Python fills in the parts in braces.

-- name: read_csv
-- Python finds the header and the delimiter, so that nothing is detected; the names of
-- the folders of a file are not values of its columns.
read_csv([{paths}], auto_detect=false, header=false, skip=1, delim='{delimiter}', quote='"',
         escape='"', comment='', compression='{compression}', hive_partitioning=false{columns})

-- name: read_parquet
read_parquet([{paths}], hive_partitioning=false)

-- name: read_json
-- JSON Lines, or one list of objects; each key is a column, however rare it is.
read_json([{paths}], hive_partitioning=false, map_inference_threshold=-1,
          field_appearance_threshold=0, compression='{compression}'{columns})

-- name: macros
-- A number as programs write it. Python reads all other texts, also 165.000, which means
-- 165 to some and 165,000 to others. DuckDB ignores underscores, wherever they are, and
-- zeros at the beginning.
create temp macro number(text) as
case when not regexp_matches(text, '_|^0[0-9]|^[0-9]{1,3}[.][0-9]{3}$')
     then try_cast(text as decimal(18, 2)) end;
-- An amount in cents per year, in the currency of the data set.
create temp macro in_year(cents, factor, rate) as
case when rate = 1 then cents::hugeint * factor
     else round(cents::double * factor * rate)::hugeint end;
-- A percentile of sorted half cents in whole units, by linear interpolation.
create temp macro percentile(amounts, percent) as
(amounts[1 + percent * (len(amounts) - 1) // 100]
 * (100 - percent * (len(amounts) - 1) % 100)
 + coalesce(amounts[2 + percent * (len(amounts) - 1) // 100], 0)
 * (percent * (len(amounts) - 1) % 100) + 10_000) // 20_000

-- name: first_known
-- An amount, or if it is missing that of another column. Without digits, and as 0 or -1, it
-- is missing.
if(not regexp_matches({first}, '[2-9]|1[^.]*[0-9]')
   and coalesce(regexp_matches({other}, '[2-9]|1[^.]*[0-9]'), false),
   {other} || ' per {period}', {first})

-- name: stage
-- Pay is in half cents, twice the midpoint of a range in cents, since sums of integers
-- are exact in any order. A single amount is both ends of its range.
copy (
with read as (
    select texts.* exclude (hours)
                   replace (case when {has_years} then texts.year end as year),
           role,
           titles.is_total or total is not null as is_total,
           year_values.value as in_year,
           nullif(place_values.value, 0) as country,
           if(country = $home, metro, null) as us_metro,
           if(country = $home, state, null) as us_state,
           case when texts.level is null then titles.level
                else nullif(level_values.value, 0) end as experience,
           nullif(work_mode_values.value, 0) as mode,
           case when place_values.value is null then place end as other_place,
           case when level_values.value is null then texts.level end as other_level,
           case when work_mode_values.value is null then work_mode end as other_work_mode,
           case when fte_values.value then 'PT'
                else coalesce(employment_values.value, if(not fte_values.value, 'FT', null))
           end as kind,
           status_values.value as of_status,
           case when status_values.value is null then status end as other_status,
           coalesce(low_pay.is_missing, low_number in (0, -1)) as is_missing,
           has_high and coalesce(high_pay.is_missing, high_number in (0, -1), true)
               as has_no_high,
           has_no_high or low_pay.is_open as is_open,
           coalesce((100 * low_number::decimal(38, 2))::bigint, low_pay.low) as low_cents,
           case when has_high and not has_no_high
                then coalesce((100 * high_number::decimal(38, 2))::bigint, high_pay.high)
                else coalesce((100 * low_number::decimal(38, 2))::bigint, low_pay.high)
           end as high_cents,
           coalesce(low_pay.periods, high_pay.periods) as own_periods,
           coalesce(low_pay.currency, high_pay.currency) as own_currency,
           -- Of points between thousands, unless other numbers say so.
           coalesce(low_pay.is_ambiguous or high_pay.is_ambiguous, false)
                   and not {has_commas}
               or coalesce(low_pay.periods <> high_pay.periods, false)
               or coalesce(low_pay.currency <> high_pay.currency, false) as is_ambiguous,
           case when coalesce(low_pay.has_unit or high_pay.has_unit, false)
                     or own_periods is not null or unit is null
                     -- Nobody has thousands an hour.
                     or period_values.value = 2080 then 1
                else unit_values.value end as factor,
           period_values.value as column_periods,
           coalesce(own_periods, column_periods) = 2080 as is_hourly,
           hours_values.value as hours,
           currency_values.value as column_currency
    from texts
    left join titles on titles.text = texts.title
    left join areas on areas.text = texts.area
    left join low_pay on low_pay.text = texts.low_text
    left join high_pay on high_pay.text = texts.high_text
    {joins}
),
stated as (
    select *,
           factor * if(is_hourly, coalesce(hours, own_periods, column_periods),
                       coalesce(own_periods, column_periods, 1)) as per_year,
           -- A dollar sign is that of every dollar, and of pesos.
           case when list_contains($signs, own_currency || column_currency)
                then column_currency
                else coalesce(own_currency, column_currency, $assumed, $currency) end
               as code,
           currency is not null and column_currency is null as is_unknown_currency,
           currency is null and own_currency is null and $assumed is null as is_unstated,
           coalesce({has_periods} and own_periods <> column_periods, false)
               or coalesce({has_currencies} and code <> column_currency
                           and not list_contains($signs, column_currency || code), false)
               or coalesce(column_currency <> $stated, false)
                  and not list_contains($signs, column_currency || $stated)
                  and not list_contains($signs, $stated || column_currency)
               as is_contradictory
    from read
),
yearly as (
    select stated.*, rate, rates.year is not null and in_year > $latest as is_late,
           in_year(low_cents, per_year, rate) as low_year,
           in_year(high_cents, per_year, rate) as high_year,
           coalesce(low_year >= $min_cents and high_year between low_year and $max_cents,
                    false) as is_possible
    from stated
    -- Later years have the latest rates.
    left join rates on rates.code = stated.code
                   and (rates.year = if(in_year > $latest, $latest, in_year) or rates.year is null)
),
named as (
    select *,
           -- See SKIP_REASONS.
           case when is_total then 14
                when (employment is not null or kind is not null)
                     and not list_contains($employment, 'ALL')
                     and not coalesce(list_contains($employment, kind), false) then 1
                when of_status > 0 then of_status
                when role is null then 2
                when is_missing then 3
                when is_contradictory then 10
                when is_ambiguous then 4
                when low_cents is null or high_cents is null then 11
                when period is not null and own_periods is null
                     and column_periods is null then 5
                when rate is null and year is null and not is_unknown_currency then 12
                when not is_unknown_currency and rate is null and in_year is not null
                     and code in (select code from rates) then 16
                when is_unknown_currency or rate is null then 6
                when not is_possible then 7
                when in_year is null and year is not null then 8
                when code = '$' and list_contains($dollars::usmallint[], country)
                     or is_unstated and list_contains($foreign::usmallint[], country)
                     then 13 end as reason
    from yearly
)
select role, in_year as year, country, us_metro as metro, us_state as state, experience,
       mode as work_mode,
       case when {is_range} and is_possible then low_year::bigint end as low,
       case when {is_range} and is_possible then high_year::bigint end as high,
       case when is_possible then (low_year + high_year)::bigint end as pay, reason::tinyint as reason,
       is_unstated, code = '$' as is_dollar,
       is_unstated or own_periods is null and period is null as is_vague, is_open,
       coalesce(is_late, false) as is_late,
       case when person <> '' then hash(person) end as person,
       case when is_hourly then hours is not null end as has_hours, row,
       case reason
            when 1 then case when kind = 'PT' and fte is not null
                             then concat_ws(' ', employment, 'FTE', fte)
                             else employment end
            when 2 then title
            when 5 then period
            when 8 then year
            when 9 then status
            when 15 then status
            when 14 then coalesce(total, title)
            else case when reason is not null
                      then concat_ws(' ', coalesce(nullif(low_text, ''), '(empty)'),
                                     case when has_high then 'to ' ||
                                          coalesce(nullif(high_text, ''), '(empty)') end,
                                     case when reason in (10, 16)
                                               or reason = 6 and own_currency is null
                                          then currency end,
                                     case reason when 10 then period
                                                 when 16 then year end) end
       end as example,
       other_level, other_place, other_work_mode, other_status
from named
) to {target} (format parquet)

-- name: pay_texts
-- What the texts of amounts have: ranges, decimal commas and points, numbers that may be
-- of either, and currencies.
select bool_or(is_range), bool_or(decimal = 'comma'), bool_or(decimal = 'point'),
       bool_or(is_ambiguous), bool_or(currency is not null)
from (from low_pay union all from high_pay)

-- name: stated
-- The numbers of amounts by the currency that they name.
select coalesce(low_pay.currency, high_pay.currency, ''), count(*)
from texts
left join low_pay on low_pay.text = low_text
left join high_pay on high_pay.text = high_text
where low_number > 0 or low_pay.low is not null
group by all

-- name: distinct
copy (
    select * replace (case when row_number() over (partition by row) > 1 then 0::tinyint
                           else reason end as reason)
    from read_parquet({files})
) to {target} (format parquet)

-- name: records
create temp view records as select * from read_parquet({files});
create temp view used as select * from records where reason is null

-- name: sizes
select role, year, count(*) from used group by all order by all

-- name: batch
create or replace temp {kind} {name} as
select role, year, country, experience, work_mode, low, high, pay from {source}
where {condition}

-- name: group
-- One grouping of the records of a role and year, or of all roles and years: DuckDB keeps
-- the amounts of all groups in memory. A record whose experience, country or work mode
-- is unknown has no group of its own, but counts in those of all values together.
with grouped as (
    select role, year, {country} as country, {experience} as experience,
           {work_mode} as work_mode, sum(pay) as total, count(*) as records,
           list_sort(list(pay)) as amounts, {range_low} as low, {range_high} as high,
           -- The confidence interval of the median begins here (see statement.sql).
           floor((records + 1 - sqrt((315 * records - 150) / 82)) / 2)::bigint as rank
    from batch
    where {known}
    group by all
    having records >= {min_records}
)
select role, year, country, experience, work_mode, records,
       (total + 100 * records) // (200 * records) as mean,
       -- Planning one expression is ten times as fast as planning one for each.
       [percentile(amounts, percent) for percent in {percents}] as percentiles,
       low, high,
       (amounts[rank] + 100) // 200 as median_ci_low,
       (amounts[records + 1 - rank] + 100) // 200 as median_ci_high
from grouped

-- name: areas
-- The pay of a role and year by metro area or by state. In the order of PLACE_PERCENTILES.
with grouped as (
    select {level} as area, count(*) as records, list_sort(list(pay)) as amounts
    from used
    where role = {role} and year is not distinct from {year} and {level} is not null
    group by all
    having records >= {min_records}
)
select area, records, [percentile(amounts, percent) for percent in {percents}]
from grouped

-- name: median
-- Records without ranges have no ends.
case when count({end}) > 0
     then round(round(quantile_cont(coalesce({end}, pay // 2), 0.5), 2) / 100)::bigint end

-- name: reasons
-- The numbers of records by reason to skip them, with the most frequent values.
select reason, sum(records)::bigint, list(example order by records desc, example)[:2]
from (
    select reason, coalesce(example, '') as example, count(*) as records
    from records group by all
)
group by reason

-- name: repeated
-- How many records are identical to an earlier one.
select count(*) - count(distinct row) from used

-- name: people
-- How many people have several records of a year that are not identical.
select count(distinct person) from (
    select person from used where person is not null
    group by person, year having min(row) <> max(row)
)

-- name: by_country
-- The numbers of records whose pay names no currency, and only a dollar sign, also of
-- those that are skipped for it; and of records used whose pay does not name both a
-- currency and a period, only a low end, and a year after the latest exchange rates.
select country, count(*) filter (is_unstated), count(*) filter (is_dollar),
       count(*) filter (is_vague and reason is null),
       count(*) filter (is_open and reason is null),
       count(*) filter (is_late and reason is null)
from records where reason is null or reason = 13 group by all order by all

-- name: hourly
-- The numbers of records of pay by the hour, without and with the hours of a week.
select count(*) filter (not has_hours), count(*) filter (has_hours) from used

-- name: dry_run
select role, year, country, count(*) from used group by all order by all

-- name: unmatched
select coalesce(example, ''), count(*) as records from records
where reason = 2 group by all order by records desc, 1

-- name: unknown_values
-- Unknown values of a dimension, such as misspelt ones.
select column_name, sum(records)::bigint, list(value order by records desc, value)
from (
    select column_name, value, count(*) as records
    from (unpivot (
        select other_level as level, other_place as country, other_work_mode as work_mode,
               other_status as status
        from used
    ) on level, country, work_mode, status into name column_name value value)
    where value <> ''
    group by all
)
group by column_name order by column_name
