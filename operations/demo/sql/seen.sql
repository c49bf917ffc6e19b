-- Write who saw a variant of the demonstration's A/B test: three before each assessment on a phone, two elsewhere.
--
-- key   of the experiment
-- ids   the assessments

INSERT INTO experiment_exposures (variant_id, seen_at)
SELECT variant.id, run.created_at
FROM assessments AS run
JOIN experiments AS test ON test.key = %(key)s
JOIN experiment_variants AS variant ON variant.experiment_id = test.id AND variant.key = run.variants ->> test.key
CROSS JOIN generate_series(1, CASE run.browser_info ->> 'device' WHEN 'mobile' THEN 3 ELSE 2 END)
WHERE run.id = ANY(%(ids)s)
