-- What the writer remembers of every event. Another hash of the same size takes the same room.
TRUNCATE TABLE event_ids;

INSERT INTO event_ids (project_id, hash, received_at)
SELECT project_id, reinterpret(sipHash128(event_id), 'UInt128'), time + INTERVAL 1 SECOND
FROM made;

OPTIMIZE TABLE event_ids FINAL;
