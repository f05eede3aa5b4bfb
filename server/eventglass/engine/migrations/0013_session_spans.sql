-- When a person's session has events on a day (UTC): what questions about whole sessions of any event read instead
-- of events, and how others find the other days of the sessions that they see. Gathered from `events` behind the
-- writer; a row too many does no harm. What was gathered before had no persons and no times: it is gathered anew.
DROP TABLE IF EXISTS session_days SYNC;

CREATE TABLE session_days
(
    project_id LowCardinality(String),
    day        Date32,
    session    UInt64 CODEC(ZSTD(1)),
    -- As events have it: the key of the event's own id, never 0.
    person     UInt64 CODEC(ZSTD(1)),
    -- The times of the first and the last event of the day.
    first      SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1)),
    last       SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1)),
    -- How long after their times events arrived, in milliseconds: the least, and the greatest or more. Where
    -- first and last are equal, these are if there is one event, and only then.
    least_late SimpleAggregateFunction(min, Int64) CODEC(T64, ZSTD(1)),
    most_late  SimpleAggregateFunction(max, Int64) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, day, session, person)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

TRUNCATE TABLE session_days_until;

INSERT INTO session_days_until VALUES ('1900-01-01 00:00:00.000');
