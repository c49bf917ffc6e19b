-- What is counted of the assessments of a period, which are read once: one row of JSON.
--
-- chosen    SELECT of these assessments with the columns of leads/figures/cells.py
-- fastest, slowest   limits of the seconds that count
-- synced, sent, meeting, won   states and outcomes that are counted
-- most      rows of the tables of sources and of campaigns

WITH chosen AS MATERIALIZED ({chosen})
SELECT
    (SELECT row_to_json(part) FROM (
        SELECT count(*) AS started,
            count(*) FILTER (WHERE finished) AS finished,
            count(*) FILTER (WHERE is_open) AS still_open,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
                FILTER (WHERE seconds BETWEEN {fastest} AND {slowest}) AS median_seconds,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)
                FILTER (WHERE seconds BETWEEN {fastest} AND {slowest}) AS p95_seconds,
            avg(total_score) FILTER (WHERE finished) AS average_score,
            count(lead_quality) AS address,
            count(lead_quality) FILTER (WHERE contact_depth >= 2) AS name,
            count(lead_quality) FILTER (WHERE contact_depth >= 3) AS company,
            count(lead_quality) FILTER (WHERE contact_depth >= 4) AS phone,
            count(*) FILTER (WHERE qualified_for_briefing) AS qualified,
            count(contacted_at) AS contacted,
            count(*) FILTER (WHERE outcome = {won}) AS won,
            extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) FILTER (WHERE finished))
                AS speed_seconds
        FROM chosen
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT version_id, last_step, count(*) AS ended, count(*) FILTER (WHERE finished) AS finished
        FROM chosen WHERE finished OR last_step IS NOT NULL GROUP BY version_id, last_step
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT day,
            count(*) AS started,
            count(*) FILTER (WHERE finished) AS finished,
            count(lead_quality) AS leads,
            count(lead_quality) FILTER (WHERE state = {synced}) AS delivered,
            count(*) FILTER (WHERE mail_state = {sent}) AS mailed
        FROM chosen GROUP BY day ORDER BY day
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT score_category, least(total_score / 10, 9) AS tens,
            count(*) AS runs, count(total_score) AS scored, coalesce(sum(total_score), 0) AS total
        FROM chosen WHERE total_score IS NOT NULL OR score_category IS NOT NULL GROUP BY 1, 2
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT owner_id,
            count(*) AS leads,
            count(contacted_at) AS contacted,
            count(*) FILTER (WHERE outcome = {meeting}) AS meetings,
            count(*) FILTER (WHERE outcome = {won}) AS won,
            extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) FILTER (WHERE finished))
                AS speed_seconds
        FROM chosen WHERE owner_id IS NOT NULL GROUP BY owner_id ORDER BY leads DESC, owner_id
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT referrer_source AS source,
            count(*) AS started,
            count(*) FILTER (WHERE finished) AS finished,
            count(*) FILTER (WHERE qualified_for_briefing) AS qualified,
            count(contacted_at) AS contacted,
            count(*) FILTER (WHERE outcome = {won}) AS won
        FROM chosen GROUP BY referrer_source ORDER BY started DESC, referrer_source LIMIT {most}
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT language, lead_quality AS quality, outcome, state, device,
            count(*) AS started,
            count(*) FILTER (WHERE finished) AS finished,
            count(*) FILTER (WHERE qualified_for_briefing) AS qualified
        FROM chosen GROUP BY language, lead_quality, outcome, state, device
    ) AS part),
    (SELECT coalesce(json_agg(part), '[]') FROM (
        SELECT campaign,
            count(*) AS started,
            count(*) FILTER (WHERE finished) AS finished,
            count(*) FILTER (WHERE qualified_for_briefing) AS qualified
        FROM chosen WHERE campaign IS NOT NULL GROUP BY campaign ORDER BY started DESC, campaign LIMIT {most}
    ) AS part)
