-- Pay groups of at least {min_records} records, in plain SQL. Run it where the records are, save
-- its result as CSV with a header, and import that:
--     mlroles import --aggregated RESULT.csv --output FILE
-- Titles must be exactly those of roles, and years and pay plain numbers, by year and in the
-- data set's currency: what a file may have besides that is understood by the import only.
-- Amounts are whole numbers of half cents (the two ends of a range in cents, added), and
-- every division has a whole result, so that every engine gives the same figures.
WITH mlr_texts AS (
    SELECT CASE WHEN CAST({work_year} AS DECIMAL(12, 4)) BETWEEN 1900 AND 2200
                 AND CAST({work_year} AS DECIMAL(12, 4)) = CAST({work_year} AS INTEGER)
                THEN CAST({work_year} AS INTEGER) END AS year,
           {title_key} AS title_key,
           {level_key} AS level_key,
           {mode_key} AS mode_key,
           UPPER(TRIM(CAST({company_location} AS VARCHAR(100)))) AS country_code,
           CAST(ROUND(100 * CAST({low} AS DECIMAL(18, 2)), 0) AS BIGINT) AS low,
           CAST(ROUND(100 * CAST({high} AS DECIMAL(18, 2)), 0) AS BIGINT) AS high
    FROM {table}{employed}
),
mlr_records AS (
    SELECT {role} AS role,
           year,
           {country} AS country,
           {experience} AS experience,
           {work_mode} AS work_mode,
           low,
           high
    FROM mlr_texts
),
-- Part 1 is an amount, or the midpoint of a range; 2 and 3 are its ends.
mlr_parts AS (
    SELECT 1 AS part{parts}
),
mlr_amounts AS (
    SELECT role, year, country, experience, work_mode, part,
           CASE part WHEN 1 THEN low + high WHEN 2 THEN 2 * low ELSE 2 * high END AS amount
    FROM mlr_records
    CROSS JOIN mlr_parts
    WHERE role IS NOT NULL AND year IS NOT NULL
      AND low >= {min_cents} AND low <= high AND high <= {max_cents}
),
mlr_cells AS (
    SELECT role, year, country, experience, work_mode, part, amount, COUNT(*) AS n
    FROM mlr_amounts
    GROUP BY role, year, country, experience, work_mode, part, amount
),
-- Each row is a way to group: 1 by a dimension, 0 by all its values together.
mlr_groupings AS (
    {groupings}
),
mlr_spread AS (
    SELECT role, year, by_country, by_experience, by_work_mode,
           CASE WHEN by_country = 1 THEN country END AS country,
           CASE WHEN by_experience = 1 THEN experience END AS experience,
           CASE WHEN by_work_mode = 1 THEN work_mode END AS work_mode,
           part, amount, n
    FROM mlr_cells
    CROSS JOIN mlr_groupings
    -- Unknown values have no group of their own.
    WHERE (by_country = 0 OR country IS NOT NULL)
      AND (by_experience = 0 OR experience IS NOT NULL)
      AND (by_work_mode = 0 OR work_mode IS NOT NULL)
),
mlr_counts AS (
    SELECT role, year, by_country, by_experience, by_work_mode, country, experience,
           work_mode, part, amount, SUM(n) AS n
    FROM mlr_spread
    GROUP BY role, year, by_country, by_experience, by_work_mode, country, experience,
             work_mode, part, amount
),
mlr_running AS (
    SELECT role, year, by_country, by_experience, by_work_mode, country, experience,
           work_mode, part, amount, n,
           SUM(n) OVER (
               PARTITION BY role, year, by_country, by_experience, by_work_mode, country,
                            experience, work_mode, part
               ORDER BY amount ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
           ) AS upto,
           SUM(n) OVER (
               PARTITION BY role, year, by_country, by_experience, by_work_mode, country,
                            experience, work_mode, part
           ) AS total
    FROM mlr_counts
),
-- The amounts at the ranks below and above each percentile, and at the ends of the 95 per
-- cent confidence interval of the median. It begins at the last rank that is above the true
-- median in at most 2.5 per cent of samples, by the binomial distribution, and ends as far
-- from the top. Those are the innermost ranks for which the square of
-- 2 * rank - records - 1 is at least (315 * records - 150) / 82: exactly so for up to
-- 25,000 records, and for more at most one rank too far out.
mlr_bounds AS (
    SELECT role, year, by_country, by_experience, by_work_mode, country, experience,
           work_mode, part,
           MAX(total) AS records,
           SUM(amount * n) AS pay,
           {bounds},
           MIN(CASE WHEN 2 * upto >= total - 1
                      OR 82 * (2 * upto - total + 1) * (2 * upto - total + 1)
                         < 315 * total - 150
                    THEN amount END) AS median_ci_low,
           MIN(CASE WHEN 2 * upto > total + 1
                     AND 82 * (2 * upto - total - 1) * (2 * upto - total - 1)
                         >= 315 * total - 150
                    THEN amount END) AS median_ci_high
    FROM mlr_running
    GROUP BY role, year, by_country, by_experience, by_work_mode, country, experience,
             work_mode, part
    HAVING MAX(total) >= {min_records}
),
-- Amounts in hundredths of half cents.
mlr_points AS (
    SELECT role, year, by_country, by_experience, by_work_mode, country, experience,
           work_mode, part, records,
           pay + 100 * records AS pay,
           {points},
           100 * median_ci_low + 10000 AS median_ci_low,
           100 * median_ci_high + 10000 AS median_ci_high
    FROM mlr_bounds
)
SELECT role, year, country, experience, work_mode,
       CAST(MAX(records) AS BIGINT) AS records,
       CAST(MAX(CASE WHEN part = 1 THEN (pay - MOD(pay, 200 * records)) / (200 * records)
                END) AS BIGINT) AS mean,
       {figures}
FROM mlr_points
GROUP BY role, year, by_country, by_experience, by_work_mode, country, experience, work_mode
ORDER BY role, year, by_country, by_experience, by_work_mode, country, experience, work_mode
