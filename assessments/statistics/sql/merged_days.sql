-- Which days are merged, of each figure: (figure, first day, last day), in the order of the last day.
--
-- From each found, the next greater is looked up in the index daily_figures_merged: two hundred steps, where a
-- DISTINCT reads all merged rows, tens of thousands.
WITH RECURSIVE merged AS (
    (
        SELECT day, figure, first_day FROM daily_figures
        WHERE first_day IS NOT NULL ORDER BY day, figure, first_day LIMIT 1
    )
    UNION ALL
    SELECT later.day, later.figure, later.first_day
    FROM merged CROSS JOIN LATERAL (
        SELECT day, figure, first_day FROM daily_figures
        WHERE first_day IS NOT NULL
            AND (day, figure, first_day) > (merged.day, merged.figure, merged.first_day)
        ORDER BY day, figure, first_day LIMIT 1
    ) AS later
)
SELECT figure, first_day, day FROM merged
