-- Which ids are one person: append-only, of each id the row of the highest version is true. An id is
-- here once Identify or Alias has named it.
CREATE TABLE IF NOT EXISTS person_ids
(
    project_id LowCardinality(String),
    own        UInt64 CODEC(ZSTD(1)),
    id         String CODEC(ZSTD(1)),
    -- Whether it has been named as a user's id; else it is anonymous.
    is_user    Bool,
    -- The own key of one of the person's ids, under which all their events count.
    person     UInt64 CODEC(ZSTD(1)),
    -- What the person is called; only in the row whose own key is the person's, else ''.
    person_id  String CODEC(ZSTD(1)),
    version    UInt64 CODEC(Delta, ZSTD(1)),
    INDEX members person TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
ORDER BY (project_id, own, version)
SETTINGS
    index_granularity = 1024,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;
