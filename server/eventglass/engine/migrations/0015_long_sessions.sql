-- The rows of session_days of sessions that have events on several days (UTC): few, so that a question about some
-- days finds the other days of the sessions that it sees without looking at all of history.
CREATE TABLE IF NOT EXISTS long_sessions
(
    project_id LowCardinality(String),
    day        Date32,
    session    UInt64 CODEC(ZSTD(1)),
    person     UInt64 CODEC(ZSTD(1)),
    first      SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1)),
    last       SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1)),
    least_late SimpleAggregateFunction(min, Int64) CODEC(T64, ZSTD(1)),
    most_late  SimpleAggregateFunction(max, Int64) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, day, session, person)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- What was gathered before is gathered anew, with these.
TRUNCATE TABLE session_days;

TRUNCATE TABLE session_days_until;

INSERT INTO session_days_until VALUES ('1900-01-01 00:00:00.000');
