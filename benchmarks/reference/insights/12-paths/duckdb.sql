-- answers: within 2 %: of sessions over a bound of the range only the events within it are seen
WITH walked AS (
    SELECT
        row_number() OVER walk AS step,
        event AS source,
        lead(event) OVER walk AS target
    FROM events
    WHERE project_id = 'shop' AND time >= '2025-06-02' AND time < '2025-07-02'
    WINDOW walk AS (PARTITION BY session_id ORDER BY time)
    QUALIFY step <= 5),
kept AS (
    SELECT step, source AS node
    FROM walked
    GROUP BY step, node
    QUALIFY row_number() OVER (PARTITION BY step ORDER BY count(*) DESC, node) <= 20)
SELECT
    walked.step AS step,
    coalesce(sources.node, 'other') AS source,
    coalesce(targets.node, 'other') AS target,
    count(*) AS value
FROM walked
LEFT JOIN kept AS sources ON sources.step = walked.step AND sources.node = source
LEFT JOIN kept AS targets ON targets.step = walked.step + 1 AND targets.node = target
WHERE target IS NOT NULL AND walked.step <= 4
GROUP BY walked.step, 2, 3
ORDER BY step, value DESC
