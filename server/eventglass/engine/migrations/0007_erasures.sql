-- Whom to leave out of every answer: append-only. Holds the keys of ids, never the ids themselves, and
-- stays when the rows of other tables are gone, for events that come late.
CREATE TABLE IF NOT EXISTS erasures
(
    project_id  LowCardinality(String),
    own         UInt64 CODEC(ZSTD(1)),
    -- Traits and links of this version and before are gone.
    version     UInt64 CODEC(Delta, ZSTD(1)),
    -- Events that happened or arrived until then are gone; if not, only traits are.
    with_events Bool,
    until       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (project_id, own, version)
SETTINGS
    index_granularity = 1024,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;
