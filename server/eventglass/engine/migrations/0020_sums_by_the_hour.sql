-- Of promoted properties, by name: how many of a row's events have a number, and what these come to. None without any.
ALTER TABLE event_hours
    ADD COLUMN IF NOT EXISTS sums Map(LowCardinality(String), Tuple(numbers UInt64, sum Float64)) CODEC(ZSTD(1));

ALTER TABLE property_hours
    ADD COLUMN IF NOT EXISTS sums Map(LowCardinality(String), Tuple(numbers UInt64, sum Float64)) CODEC(ZSTD(1));

-- The properties whose numbers the edition has summed.
ALTER TABLE event_hours_until ADD COLUMN IF NOT EXISTS summed Array(String);
