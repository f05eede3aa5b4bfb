-- How many events of each name have which value of a promoted property in which hours (UTC), where its values are few.
-- Gathered from `events` by the same calls as event_hours, so that the same mark says which rows count.
CREATE TABLE IF NOT EXISTS property_hours
(
    project_id LowCardinality(String),
    property   LowCardinality(String),
    event      LowCardinality(String),
    -- The instant at which the hour begins.
    hour       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    -- As in the property's column of `events` (sql/promoted.py); of events without it, too.
    value      Tuple(kind UInt8, number Float64, text LowCardinality(String)) CODEC(ZSTD(1)),
    edition    UInt64 CODEC(ZSTD(1)),
    call       UInt64 CODEC(ZSTD(1)),
    events     UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY edition
ORDER BY (project_id, property, event, hour)
SETTINGS
    index_granularity = 1024,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- The properties that were promoted when the edition began, and whether it has rows of them.
ALTER TABLE event_hours_until ADD COLUMN IF NOT EXISTS properties Map(String, Bool);
