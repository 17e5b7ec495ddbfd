-- The queries of records.py, by name. Python fills in the parts in braces.

-- name: read_csv
-- Quotes and comments are not detected from the first records, and the names of the
-- folders of a file are not values of its columns.
read_csv($path, header=true, all_varchar=true, hive_partitioning=false,
         quote='"', escape='"', comment='')

-- name: read_parquet
read_parquet($path, hive_partitioning=false)

-- name: name_key
-- The same as matching.name_key.
create temp macro name_key(name) as
regexp_replace(lower(name), '[\s\v\x1c-\x1f\x85\pZ_-]+', '', 'g')

-- name: stage
-- Pay is in half cents, twice the midpoint of a range in cents, since sums of integers
-- are exact in any order. A single amount is both ends of its range.
create temp table records as
with texts as (select {columns} from {reader}),
typed as (
    select *, try_cast(low_text as decimal(18, 2)) as low_amount,
           try_cast(high_text as decimal(18, 2)) as high_amount,
           try_cast(work_year as decimal(12, 4)) as number
    from texts
)
select map($titles, $roles)[name_key(job_title)] as role,
       coalesce(list_contains($employment, upper(employment_type)), false)
           or list_contains($employment, 'ALL') as employed,
       (100 * low_amount)::bigint as low,
       (100 * high_amount)::bigint as high,
       case when low_amount between $min_pay and high_amount
             and high_amount <= $max_pay then low + high end as pay,
       case when number between 1900 and 2200 and number = floor(number)
           then number::integer end as year,
       case when list_contains($countries, upper(company_location))
           then upper(company_location) end as country,
       map($levels, $experiences)[name_key(experience_level)] as experience,
       map($ratios, $modes)[
           regexp_replace(name_key(remote_ratio), '[.]0+$', '')
       ] as mode,
       case when experience is null then experience_level end as other_experience,
       case when country is null then company_location end as other_country,
       case when mode is null then remote_ratio end as other_mode
from typed

-- name: use
create temp view used as
select * from records
where employed and role is not null and pay is not null and year is not null

-- name: group
-- A record whose experience, country or work mode is unknown counts in the groups of
-- all values together, but has no group of its own: hence the tests on grouping().
select role, year, country, experience, mode, count(*) as records,
       (sum(pay) + 100 * count(*)) // (200 * count(*)) as mean,
       list_transform(
           quantile_cont(pay, {percentiles}),
           -- Doubles may be slightly below a half, which must still be rounded up.
           lambda half_cents: round(round(half_cents, 2) / 200)
       ) as percentiles,
       round(round(quantile_cont(low, 0.5), 2) / 100) as low,
       round(round(quantile_cont(high, 0.5), 2) / 100) as high
from used
group by role, year, cube (country, experience, mode)
having count(*) >= {min_records}
   and (grouping(country) = 1 or country is not null)
   and (grouping(experience) = 1 or experience is not null)
   and (grouping(mode) = 1 or mode is not null)
order by all nulls first

-- name: count
select count(*) as read,
       count(*) filter (not employed) as other_employment,
       count(*) filter (employed and role is null) as other_title,
       count(*) filter (employed and role is not null and pay is null) as no_pay,
       count(*) filter (
           employed and role is not null and pay is not null and year is null
       ) as no_year,
       (select count(*) from used) as used
from records

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
