-- Replace the names of origins that fewer than k assessments ever had, on the days before one day.
--
-- before   the first day that keeps its names
-- origins  the figures that split by origin
-- other    what the names become
-- started  the part that counts each assessment once
-- k        how many assessments an origin needs to keep its name
--
-- Result: the number of rows changed. Doing it again changes nothing.
UPDATE daily_figures SET name = %(other)s, summed = false
WHERE figure = ANY(%(origins)s) AND name <> %(other)s AND day < %(before)s AND (figure, name) IN (
    SELECT figure, name FROM daily_figures WHERE figure = ANY(%(origins)s)
    GROUP BY figure, name HAVING coalesce(sum(runs) FILTER (WHERE part = %(started)s), 0) < %(k)s
)
