-- What the writer remembers of every event. Another hash of the same size takes the same room.
TRUNCATE TABLE event_hashes;

INSERT INTO event_hashes (project_id, upper, lower)
SELECT project_id, sipHash64(event_id), toUInt32(bitAnd(sipHash64('lower', event_id), 0xFFFFFFFF))
FROM made;

OPTIMIZE TABLE event_hashes FINAL;
