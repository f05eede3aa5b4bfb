-- Its rows are in event_hashes, and that is on disk.
DROP TABLE IF EXISTS event_ids SYNC;
