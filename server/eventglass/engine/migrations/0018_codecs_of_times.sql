-- Most questions read times, and neighbouring ones differ in their low bits alone. T64 keeps those: of events in the
-- table's order 3.7 bytes a time, not 4.5, that are read in a quarter of the time which Delta and ZSTD took, and
-- written in half of it. Parts that are there already have it when they are merged.
ALTER TABLE events MODIFY COLUMN time CODEC(T64('bit'), LZ4), MODIFY COLUMN received_at CODEC(T64('bit'), LZ4);

ALTER TABLE event_ids MODIFY COLUMN received_at CODEC(T64('bit'), LZ4);
