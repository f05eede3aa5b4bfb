-- One row per event. Duplicates never get in: the writer asks event_ids first.
-- An insert returns when its rows are on disk; merged parts are brought there before the old ones go.
CREATE TABLE IF NOT EXISTS events
(
    project_id   LowCardinality(String),
    event        LowCardinality(String),
    time         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at  DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    event_id     String CODEC(ZSTD(1)),
    person       UInt64 CODEC(ZSTD(1)),
    user_id      String CODEC(ZSTD(1)),
    anonymous_id String CODEC(ZSTD(1)),
    session_id   String CODEC(ZSTD(1)),
    session      UInt64 CODEC(ZSTD(1)),
    properties   JSON(max_dynamic_paths = 256)
        DEFAULT CAST(if(empty(properties_text), '{}', properties_text) AS JSON(max_dynamic_paths = 256)) CODEC(ZSTD(1)),
    -- What is inserted. An Arrow column read as JSON would make dates of texts that look so, whatever
    -- the settings say; this cast obeys them.
    properties_text String EPHEMERAL,
    context      String CODEC(ZSTD(3))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
-- toDate32, because toDate ends at 1970 and 2149.
ORDER BY (project_id, event, toDate32(time), person, time)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- One row per event that is in events; hash names project and event id together.
CREATE TABLE IF NOT EXISTS event_ids
(
    project_id  LowCardinality(String),
    hash        UInt128 CODEC(NONE),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (project_id, hash)
-- Looked up one by one: a small granule is a short read.
SETTINGS
    index_granularity = 512,
    min_compress_block_size = 8192,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;
