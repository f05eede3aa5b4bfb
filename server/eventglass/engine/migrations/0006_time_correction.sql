-- In milliseconds: time less this is what the sender gave. Equal within a batch, so it takes next to nothing.
ALTER TABLE events ADD COLUMN IF NOT EXISTS time_correction Int64 CODEC(ZSTD(1)) AFTER time;
