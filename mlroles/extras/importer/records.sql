-- The queries of records.py, by name. Python fills in the parts in braces.

-- name: read_csv
-- Quotes and comments are not detected from the first records, and the names of the
-- folders of a file are not values of its columns.
read_csv($path, header=true, all_varchar=true, hive_partitioning=false,
         quote='"', escape='"', comment='')

-- name: read_parquet
read_parquet($path, hive_partitioning=false)

-- name: read_json
-- JSON Lines, or one list of objects; each key is a column, however rare it is.
read_json($path, hive_partitioning=false, map_inference_threshold=-1,
          field_appearance_threshold=0)

-- name: name_key
-- The same as matching.name_key.
create temp macro name_key(name) as
regexp_replace(lower(name), '[\s\v\x1c-\x1f\x85\pZ_-]+', '', 'g')

-- name: without_sign
-- An amount without the sign and the code of the data set's currency.
create temp macro without_sign(text) as
regexp_replace(
    case when regexp_full_match({text}, '([A-Z]{{3}}\s.*|.*\s[A-Z]{{3}})')
        then replace({text}, '{currency}', '') else {text} end,
    '^[\s\v\x1c-\x1f\x85\pZ]+|[\s\v\x1c-\x1f\x85\pZ]+$', '', 'g'
)

-- name: currency
-- Whether an amount names another currency, by its sign or its code.
create temp macro is_foreign(text) as
{foreign} or regexp_matches(without_sign(text), '^[A-Z]{{3}}\s|\s[A-Z]{{3}}$')

-- name: amount
-- The same as money.parse_amount, and numbers as programs write them: 150000.0, 1e5.
create temp macro parts(text) as
regexp_extract(
    without_sign(text),
    '^(0|[1-9][0-9]{{0,2}}(?:[,_][0-9]{{3}})+|[1-9][0-9]{{0,11}})(\.[0-9]{{1,2}})?\s*([KM]?)$',
    ['digits', 'cents', 'unit']
);
-- DuckDB ignores underscores, wherever they are, and zeros at the beginning.
create temp macro plain_amount(text) as
try_cast(
    case when not regexp_matches(text, '_|^\s*0[0-9]') then text end as decimal(18, 2)
);
-- A case, since DuckDB evaluates the parts of coalesce() for every record.
create temp macro amount(text) as
case when plain_amount(text) is not null then plain_amount(text)
else try_cast(
    try_cast(replace(replace(parts(text).digits, ',', ''), '_', '')
             || parts(text).cents as decimal(18, 2))
    * case parts(text).unit when 'K' then 1000 when 'M' then 1000000 else 1 end
    as decimal(18, 2)
) end;
-- 165.000 means 165 to some readers and 165,000 to others.
create temp macro is_ambiguous(text) as
regexp_full_match(without_sign(text), '[0-9]{{1,3}}([.][0-9]{{3}})+')

-- name: stage
-- Pay is in half cents, twice the midpoint of a range in cents, since sums of integers
-- are exact in any order. A single amount is both ends of its range.
copy (
with texts as (select {columns} from {reader}),
typed as (
    select *, amount(low_text) as low_amount, amount(high_text) as high_amount,
           try_cast(work_year as decimal(12, 4)) as number
    from texts
),
named as (
    select map($titles, $roles)[name_key(job_title)] as role,
           case when number between 1900 and 2200 and number = floor(number)
               then number::integer end as year,
           map($countries, $countries)[upper(company_location)] as country,
           map($levels, $experiences)[name_key(experience_level)] as experience,
           map($ratios, $modes)[
               regexp_replace(name_key(remote_ratio), '[.]0+$', '')
           ] as mode,
           case when low_amount between $min_pay and high_amount
                 and high_amount <= $max_pay then (100 * low_amount)::bigint end as low,
           case when low is not null then (100 * high_amount)::bigint end as high,
           -- See SKIP_REASONS.
           case when not coalesce(
                    list_contains($employment, upper(employment_type)), false
                ) and not list_contains($employment, 'ALL') then 0
                when role is null then 1
                when coalesce(low_text, '') = '' or coalesce(high_text, '') = '' then 2
                when low is null then
                    case when is_ambiguous(low_text) or is_ambiguous(high_text) then 3
                         when is_foreign(low_text) or is_foreign(high_text) then 4
                         else 5 end
                when year is null then 6 end as reason,
           *
    from typed
)
select role, year, country, experience, mode, low, high, low + high as pay, reason::tinyint as reason,
       case when reason is null then null
            when reason = 0 then employment_type
            when reason = 1 then job_title
            when reason = 6 then work_year
            when low_text is not distinct from high_text then low_text
            else coalesce(nullif(low_text, ''), '(empty)') || ' to '
                 || coalesce(nullif(high_text, ''), '(empty)') end as example,
       case when experience is null then experience_level end as other_experience,
       case when country is null then company_location end as other_country,
       case when mode is null then remote_ratio end as other_mode
from named
) to '{file}' (format parquet)

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
        select other_experience as experience_level,
               other_country as company_location, other_mode as remote_ratio
        from used
    ) on experience_level, company_location, remote_ratio into name column_name
      value value)
    where value <> ''
    group by all
)
group by column_name order by column_name

-- name: first_line
-- The first line that is not blank, to explain why another form was detected.
select line
from read_csv($path, auto_detect=false, header=false, columns={{'line': 'varchar'}},
              delim='\x1f', quote='', escape='', comment='', hive_partitioning=false)
where trim(line) <> '' limit 1

-- name: count_lines
-- Fails if a line does not have all columns of the first line.
select count(*)
from read_csv($path, auto_detect=false, header=true, columns={columns},
              delim=$delimiter, quote='"', escape='"', comment='',
              hive_partitioning=false)
