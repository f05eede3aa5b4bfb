-- What a start asks for is answered without reading whole columns: the newest arrival of each project,
-- and the events that arrived since the last hash was written.
ALTER TABLE event_ids
    ADD PROJECTION IF NOT EXISTS arrivals (SELECT project_id, max(received_at) GROUP BY project_id);

ALTER TABLE event_ids MATERIALIZE PROJECTION arrivals SETTINGS mutations_sync = 1;

ALTER TABLE events ADD INDEX IF NOT EXISTS arrived received_at TYPE minmax GRANULARITY 1;

ALTER TABLE events MATERIALIZE INDEX arrived SETTINGS mutations_sync = 1;
