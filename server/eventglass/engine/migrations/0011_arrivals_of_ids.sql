-- After a crash a start asks which hashes arrived last: parts that are older are not read.
ALTER TABLE event_ids ADD INDEX IF NOT EXISTS arrived received_at TYPE minmax GRANULARITY 16;

ALTER TABLE event_ids MATERIALIZE INDEX arrived SETTINGS mutations_sync = 1;
