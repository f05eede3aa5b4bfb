-- On which days (UTC) a session id has events, so that a question about some days finds the other days of the
-- sessions that it sees. Gathered from `events` behind the writer; a row too many does no harm.
CREATE TABLE IF NOT EXISTS session_days
(
    project_id LowCardinality(String),
    day        Date32,
    session    UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, day, session)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- Events that arrived before the largest of these have their rows in session_days; of others, ask events.
CREATE TABLE IF NOT EXISTS session_days_until
(
    until DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(until)
ORDER BY tuple()
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

INSERT INTO session_days_until VALUES ('1900-01-01 00:00:00.000');
