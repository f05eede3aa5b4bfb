-- When each id's person first had an event of each name: what questions about first times read instead of all history.
-- Gathered from `events` behind the writer; a row too many does no harm.
CREATE TABLE IF NOT EXISTS first_times
(
    project_id LowCardinality(String),
    -- A name; '' for events of any.
    event      LowCardinality(String),
    -- As events have it: the key of the event's own id, never 0.
    person     UInt64 CODEC(ZSTD(1)),
    first      SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, event, person)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    cleanup_delay_period = 1,
    cleanup_delay_period_random_add = 0,
    max_cleanup_delay_period = 2;

-- Events that arrived before the largest of these have their rows in first_times; of others, ask events.
CREATE TABLE IF NOT EXISTS first_times_until
(
    until DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(until)
ORDER BY tuple()
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

INSERT INTO first_times_until VALUES ('1900-01-01 00:00:00.000');
