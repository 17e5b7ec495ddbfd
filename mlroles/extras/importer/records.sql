-- The queries of records.py, by name. Python fills in the parts in braces.

-- name: read_csv
-- Python finds the header and the delimiter, so that nothing is detected; the names of
-- the folders of a file are not values of its columns.
read_csv($path, auto_detect=false, header=false, skip=1, delim='{delimiter}', quote='"',
         escape='"', comment='', columns={columns}, compression='{compression}',
         hive_partitioning=false)

-- name: read_parquet
read_parquet($path, hive_partitioning=false)

-- name: read_json
-- JSON Lines, or one list of objects; each key is a column, however rare it is.
read_json($path, hive_partitioning=false, map_inference_threshold=-1,
          field_appearance_threshold=0, compression='{compression}')

-- name: first_lines
select line
from read_csv($path, auto_detect=false, header=false, columns={{'line': 'varchar'}},
              delim='\x1f', quote='', escape='', comment='', hive_partitioning=false,
              compression='zstd')
limit 30

-- name: read
-- The texts of a file. `row` is the same for identical records.
copy (select {file}::utinyint as file, {columns}, hash({every}) as row from {reader})
to '{target}' (format parquet)

-- name: number
-- A number as programs write it. Python reads all other texts, also 165.000, which means
-- 165 to some and 165,000 to others. DuckDB ignores underscores, wherever they are, and
-- zeros at the beginning.
create temp macro number(text) as
case when not regexp_matches(text, '_|^0[0-9]|^[0-9]{1,3}[.][0-9]{3}$')
     then try_cast(text as decimal(18, 2)) end

-- name: sizes_of_texts
select {counts} from texts

-- name: distinct
-- The values of a column, in parts, since they may be as many as the records.
select distinct {column} from texts
where {column} is not null and {condition} and hash({column}) % {parts} = {part}

-- name: lookup
-- What the texts of a column mean, as Python found.
insert into {name} select {columns}

-- name: stage
-- Pay is in half cents, twice the midpoint of a range in cents, since sums of integers
-- are exact in any order. A single amount is both ends of its range.
copy (
with read as (
    select texts.*,
           titles.role,
           try_cast(texts.year as decimal(12, 4)) as year_number,
           case when year_number between 1900 and 2200 and year_number = floor(year_number)
               then year_number::integer else year_values.value end as in_year,
           nullif(places.value, '') as country,
           case when texts.level is null then titles.level
               else nullif(level_values.value, '') end as experience,
           nullif(work_mode_values.value, '') as mode,
           case when places.value is null then place end as other_place,
           case when level_values.value is null then texts.level end as other_level,
           case when work_mode_values.value is null then work_mode end as other_work_mode,
           employment_values.value as kind,
           number(low_text) as low_number, number(high_text) as high_number,
           case when low_number is null then low_pay.low
                else (100 * low_number::decimal(38, 2))::bigint end as low_cents,
           case when high_text is null
                then case when low_number is null then low_pay.high
                          else (100 * low_number::decimal(38, 2))::bigint end
                when high_number is null then high_pay.high
                else (100 * high_number::decimal(38, 2))::bigint end as high_cents,
           coalesce(low_number in (0, -1), false) or coalesce(high_number in (0, -1), false)
               or coalesce(low_pay.is_missing, false) or coalesce(high_pay.is_missing, false)
               as is_missing,
           coalesce(low_pay.is_ambiguous, false) or coalesce(high_pay.is_ambiguous, false)
               as is_ambiguous,
           coalesce(low_pay.is_range, false) as is_range,
           coalesce(low_pay.periods, high_pay.periods) as own_periods,
           coalesce(low_pay.currency, high_pay.currency) as own_currency,
           case when coalesce(low_pay.has_unit or high_pay.has_unit, false)
                     or own_periods is not null or unit is null then 1
                else unit_values.value end as factor,
           period_values.value as column_periods,
           currency_values.value as column_currency
    from texts
    left join titles on titles.text = texts.title
    left join year_values on year_values.text = texts.year
    left join level_values on level_values.text = texts.level
    left join places on places.text = texts.place and places.file = texts.file
    left join work_mode_values on work_mode_values.text = texts.work_mode
    left join employment_values on employment_values.text = texts.employment
    left join pays as low_pay on low_pay.text = texts.low_text
    left join pays as high_pay on high_pay.text = texts.high_text
    left join unit_values on unit_values.text = texts.unit
    left join period_values on period_values.text = texts.period
    left join currency_values on currency_values.text = texts.currency
),
stated as (
    select *,
           coalesce(own_periods, column_periods, 1) as per_year,
           -- A dollar sign is that of every dollar, and of pesos.
           case when own_currency = 'USD' and column_currency in {dollars}
                then column_currency
                else coalesce(own_currency, column_currency, $currency) end as code,
           currency is null and own_currency is null as is_unstated,
           currency is not null and column_currency is null as is_unknown_currency,
           coalesce(own_periods <> column_periods, false)
               or coalesce(code <> column_currency and currency <> '{standard}', false)
               as is_contradictory
    from read
),
yearly as (
    select stated.*, rates.rate,
           case when rate = 1 then low_cents::hugeint * factor * per_year
                else round(low_cents::double * factor * per_year * rate)::hugeint
           end as low_year,
           case when rate = 1 then high_cents::hugeint * factor * per_year
                else round(high_cents::double * factor * per_year * rate)::hugeint
           end as high_year
    from stated
    left join rates on rates.code = stated.code
                   and (rates.year = in_year or rates.year is null)
),
named as (
    select *,
           case when low_year >= $min_cents and high_year >= low_year
                 and high_year <= $max_cents then low_year::bigint end as low,
           case when low is not null then high_year::bigint end as high,
           -- See SKIP_REASONS.
           case when {repeated} then 0
                when employment is not null and not list_contains($employment, 'ALL')
                     and not coalesce(list_contains($employment, kind), false) then 1
                when role is null then 2
                when is_missing then 3
                when is_ambiguous or is_contradictory then 4
                when low_cents is null or high_cents is null then 7
                when period is not null and own_periods is null
                     and column_periods is null then 5
                when is_unknown_currency or rate is null then 6
                when low is null then 7
                when in_year is null then 8 end as reason
    from yearly
)
select role, in_year as year, country, experience, mode, low, high, low + high as pay,
       reason::tinyint as reason, is_range, is_unstated, row,
       case when reason is null then null
            when reason = 1 then employment
            when reason in (0, 2) then title
            when reason = 5 then period
            when reason = 8 then year
            else concat_ws(' ', case when high_text is null then coalesce(low_text, '')
                 else coalesce(nullif(low_text, ''), '(empty)') || ' to '
                 || coalesce(nullif(high_text, ''), '(empty)') end,
                 case when reason = 6 and own_currency is null then currency end)
            end as example,
       other_level, other_place, other_work_mode
from named
) to '{target}' (format parquet)

-- name: records
create temp view records as select * from read_parquet('{files}');
create temp view used as select * from records where reason is null

-- name: sizes
select role, year, count(*) from used group by all order by all

-- name: batch
create or replace temp {kind} {name} as
select role, year, country, experience, mode, low, high, pay from {source}
where {condition}

-- name: group
-- One grouping of the records of a role and year, or of all roles and years: DuckDB keeps
-- the amounts of all groups in memory. A record whose experience, country or work mode
-- is unknown has no group of its own, but counts in those of all values together.
with grouped as (
    select role, year, {} as country, {} as experience, {} as mode, pay, low, high,
           0 as side
    from batch
    where {known}
),
-- The confidence interval of the median is between two ranks that are `distance` apart (see
-- statement.sql). Adding that many amounts below all others moves the median to the lower
-- rank, and adding that many above all others moves it to the higher one.
counted as (
    select role, year, country, experience, mode, count(*) as records,
           records + 1 - 2 * floor((records + 1 - sqrt((315 * records - 150) / 82)) / 2)
               as distance
    from grouped
    group by all
    having records >= {min_records}
),
added as (
    select role, year, country, experience, mode, side * 1_000_000_000_000 as pay, side
    from counted, (values (-1), (1)) as sides(side), range(distance::bigint)
)
select role, year, country, experience, mode, count(*) filter (side = 0) as records,
       (sum(pay) filter (side = 0) + 100 * records) // (200 * records) as mean,
       list_transform(
           quantile_cont(pay, {percentiles}) filter (side = 0),
           -- Doubles may be slightly below a half, which must still be rounded up.
           lambda half_cents: round(round(half_cents, 2) / 200)
       ) as percentiles,
       {range_low} as range_low, {range_high} as range_high,
       (quantile_disc(pay, 0.5) filter (side <= 0) + 100) // 200 as median_ci_low,
       (quantile_disc(pay, 0.5) filter (side >= 0) + 100) // 200 as median_ci_high
from (from grouped union all by name from added)
group by role, year, country, experience, mode
having records >= {min_records}

-- name: median
round(round(quantile_cont({end}, 0.5), 2) / 100)

-- name: count
select reason, count(*) from records group by reason

-- name: ranges
select coalesce(bool_or(is_range), false) from used

-- name: repeated
-- How many records are identical to an earlier one.
select count(*) - count(distinct row) from used

-- name: by_country
select country, count(*) from used where is_unstated group by all order by all

-- name: dry_run
select role, year, country, count(*) from used group by all order by all

-- name: unmatched
select coalesce(example, ''), count(*) as records from records
where reason = 2 group by all order by records desc, 1

-- name: examples
-- The most frequent values for which records are skipped.
select reason, list(example order by records desc, example)[:2]
from (
    select reason, coalesce(example, '') as example, count(*) as records
    from records where reason is not null group by all
)
group by reason

-- name: unknown_values
-- Unknown values of a dimension, such as misspelt ones.
select column_name, sum(records)::bigint, list(value order by records desc, value)
from (
    select column_name, value, count(*) as records
    from (unpivot (
        select other_level as level, other_place as place, other_work_mode as work_mode
        from used
    ) on level, place, work_mode into name column_name value value)
    where value <> ''
    group by all
)
group by column_name order by column_name

-- name: samples
select approx_top_k(nullif(title, ''), 3), approx_top_k(nullif(low_text, ''), 3),
       approx_top_k(nullif(high_text, ''), 3), approx_top_k(nullif(year, ''), 3),
       approx_top_k(nullif(level, ''), 3), approx_top_k(nullif(place, ''), 3),
       approx_top_k(nullif(work_mode, ''), 3), approx_top_k(nullif(employment, ''), 3),
       approx_top_k(nullif(period, ''), 3), approx_top_k(nullif(currency, ''), 3),
       approx_top_k(nullif(unit, ''), 3)
from (from texts where file = $file limit 1000)
