-- How many events of each name there are in which hours (UTC): what questions that only count events read instead of
-- them. Gathered from `events` behind the writer. A row counts only if event_hours_until names its edition and call.
CREATE TABLE IF NOT EXISTS event_hours
(
    project_id LowCardinality(String),
    event      LowCardinality(String),
    -- The instant at which the hour begins.
    hour       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    -- From its first call on all of history is gathered anew.
    edition    UInt64 CODEC(ZSTD(1)),
    -- The one statement that gathered it, of some arrivals.
    call       UInt64 CODEC(ZSTD(1)),
    events     UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY edition
ORDER BY (project_id, event, hour)
-- A month of an event's hours is few rows.
SETTINGS
    index_granularity = 1024,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- Of the row with the greatest edition and arrival: these calls have, together, all events that arrived before
-- `until`, once, but for those of erased persons.
CREATE TABLE IF NOT EXISTS event_hours_until
(
    edition  UInt64,
    until    DateTime64(3, 'UTC'),
    calls    Array(UInt64),
    -- How many erasures with events each project had, at least, when the edition began.
    erasures Map(String, UInt64)
)
ENGINE = ReplacingMergeTree(until)
PARTITION BY edition
ORDER BY tuple()
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

INSERT INTO event_hours_until (edition, until, calls, erasures) VALUES (0, '1900-01-01 00:00:00.000', [], map());
