-- The engine does not sync the files of projections: a power loss would break the parts that have one.
ALTER TABLE event_ids DROP PROJECTION IF EXISTS arrivals SETTINGS mutations_sync = 1;
