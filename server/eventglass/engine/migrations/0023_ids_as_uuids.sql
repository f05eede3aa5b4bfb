-- Most ids are UUIDs: in 16 bytes each, not as texts of 36. An id that is not spelled as the engine spells a UUID, and
-- that of zeros, is kept as the text that it is, so that every id is read as it was sent. `event_id` and `session_id`
-- are read as ever; what is inserted is `event_id_text` and `session_id_text`.
ALTER TABLE events
    ADD COLUMN IF NOT EXISTS event_id_text String EPHEMERAL,
    ADD COLUMN IF NOT EXISTS event_uuid UUID
        DEFAULT if(toString(toUUIDOrZero(event_id_text)) = event_id_text, toUUIDOrZero(event_id_text), toUUIDOrZero(''))
        CODEC(LZ4) AFTER event_id,
    ADD COLUMN IF NOT EXISTS event_other_id String
        DEFAULT if(empty(event_uuid), event_id_text, '') CODEC(ZSTD(1)) AFTER event_uuid,
    ADD COLUMN IF NOT EXISTS session_id_text String EPHEMERAL,
    ADD COLUMN IF NOT EXISTS session_uuid UUID
        DEFAULT if(toString(toUUIDOrZero(session_id_text)) = session_id_text, toUUIDOrZero(session_id_text), toUUIDOrZero(''))
        CODEC(ZSTD(1)) AFTER session_id,
    ADD COLUMN IF NOT EXISTS session_other_id String
        DEFAULT if(empty(session_uuid), session_id_text, '') CODEC(ZSTD(1)) AFTER session_uuid,
    -- Until the names are changed, what a server of an earlier version inserts is refused: its ids would be lost.
    ADD CONSTRAINT IF NOT EXISTS has_id CHECK notEmpty(event_uuid) OR notEmpty(event_other_id);

-- Of events that are there. Where event_id is made of these columns already, this writes what they have.
ALTER TABLE events
    UPDATE
        event_uuid = if(toString(toUUIDOrZero(event_id)) = event_id, toUUIDOrZero(event_id), toUUIDOrZero('')),
        event_other_id = if(toString(toUUIDOrZero(event_id)) = event_id AND notEmpty(toUUIDOrZero(event_id)), '', event_id),
        session_uuid = if(toString(toUUIDOrZero(session_id)) = session_id, toUUIDOrZero(session_id), toUUIDOrZero('')),
        session_other_id =
            if(toString(toUUIDOrZero(session_id)) = session_id AND notEmpty(toUUIDOrZero(session_id)), '', session_id)
    WHERE empty(event_uuid) AND empty(event_other_id)
    SETTINGS mutations_sync = 1, max_execution_time = 0;

-- In one statement, so that at no moment the names are missing.
ALTER TABLE events
    DROP COLUMN event_id,
    ADD COLUMN event_id String ALIAS if(empty(event_uuid), event_other_id, toString(event_uuid)),
    DROP COLUMN session_id,
    ADD COLUMN session_id String ALIAS if(empty(session_uuid), session_other_id, toString(session_uuid)),
    DROP CONSTRAINT IF EXISTS has_id
    SETTINGS mutations_sync = 1, max_execution_time = 0;
