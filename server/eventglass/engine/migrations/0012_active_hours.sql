-- Who was active in which hours (UTC): what questions about any event's persons read instead of events. Gathered
-- from `events` behind the writer; a row too many does no harm.
CREATE TABLE IF NOT EXISTS active_hours
(
    project_id LowCardinality(String),
    -- The instant at which the hour begins.
    hour       DateTime64(3, 'UTC'),
    -- As events have it: the key of the event's own id, never 0.
    person     UInt64 CODEC(ZSTD(1)),
    -- An erasure before this leaves an event of the hour: the latest least(time, received_at) of them.
    latest     SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, hour, person)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- Events that arrived before the largest of these have their rows in active_hours; of others, ask events.
CREATE TABLE IF NOT EXISTS active_hours_until
(
    until DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(until)
ORDER BY tuple()
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

INSERT INTO active_hours_until VALUES ('1900-01-01 00:00:00.000');
