-- Count views of the landing page before assessments of demonstration data, four on a phone and two elsewhere.
--
-- ids   the assessments
-- sign  1, or -1 to take them out again

INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, cell.figure, cell.name, cell.part, 0,
       %(sign)s * sum(CASE run.browser_info ->> 'device' WHEN 'mobile' THEN 4 ELSE 2 END)
FROM assessments AS run CROSS JOIN LATERAL (VALUES
    ('view', '', ''),
    ('view', run.language, 'language'),
    ('view', run.browser_info ->> 'device', 'device'),
    ('referrer', run.referrer_source, 'viewed'),
    ('utm_source', run.utm ->> 'utm_source', 'viewed'),
    ('utm_medium', run.utm ->> 'utm_medium', 'viewed'),
    ('utm_campaign', run.utm ->> 'utm_campaign', 'viewed')
) AS cell (figure, name, part)
WHERE run.id = ANY(%(ids)s::uuid[]) AND cell.name IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
