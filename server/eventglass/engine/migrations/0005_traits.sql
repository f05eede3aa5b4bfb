-- What Identify has said of users, a row per trait: append-only, of each name the latest time is true,
-- then the highest version.
CREATE TABLE IF NOT EXISTS traits
(
    project_id LowCardinality(String),
    -- The whole name of the trait as it was sent; what is nested in its value is in `paths`.
    name       String CODEC(ZSTD(1)),
    own        UInt64 CODEC(ZSTD(1)),
    since      DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    version    UInt64 CODEC(Delta, ZSTD(1)),
    -- The value as compact JSON; 'null' takes the trait away.
    given      String CODEC(ZSTD(3)),
    -- The value, and what is nested in it, to ask for: whole names, and values as sql/values.py has
    -- them (kind, number, text), but of kind 5 for lists and objects.
    paths      Array(String) CODEC(ZSTD(1)),
    kinds      Array(UInt8) CODEC(ZSTD(1)),
    numbers    Array(Float64) CODEC(ZSTD(1)),
    texts      Array(String) CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (project_id, name, own, since, version)
SETTINGS
    index_granularity = 1024,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;
