-- One row per event that is in events, as event_ids had it, in half of its bytes: 96 bits of the hash instead of 128,
-- and no arrival. Looked up one by one: a small granule is a short read.
CREATE TABLE IF NOT EXISTS event_hashes
(
    project_id LowCardinality(String),
    upper      UInt64 CODEC(T64('bit')),
    -- The 32 bits below. Two events may have the same upper ones.
    lower      UInt32 CODEC(NONE)
)
ENGINE = MergeTree
ORDER BY (project_id, upper)
SETTINGS
    index_granularity = 512,
    min_compress_block_size = 8192,
    merge_selector_base = 10,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

-- By one thread in the order of the key, so that what was cut off goes on behind the last row that is there. If the
-- rows until there are others by now, all are inserted: a row too many does no harm.
INSERT INTO event_hashes
WITH
    (SELECT max((project_id, upper, lower)) FROM event_hashes) AS last,
    (SELECT sum(upper) FROM event_hashes) AS there,
    (SELECT sum(toUInt64(bitShiftRight(hash, 64))) FROM event_ids
        WHERE (project_id, bitShiftRight(hash, 32)) <= (last.1, bitShiftLeft(toUInt128(last.2), 32) + last.3)) AS wanted
SELECT
    project_id,
    toUInt64(bitShiftRight(hash, 64)) AS upper,
    toUInt32(bitAnd(bitShiftRight(hash, 32), 0xFFFFFFFF)) AS lower
FROM event_ids
WHERE (project_id, upper, lower) > last OR there != wanted
ORDER BY project_id, hash
SETTINGS max_insert_threads = 1;

-- A hash that is missing would be an event that counts twice.
SELECT throwIf(
    (SELECT count() FROM event_hashes) < (SELECT count() FROM event_ids),
    'event_hashes lacks rows of event_ids: does a server of an earlier version store events?');
