-- Each merge takes in twice as many parts as by default, so that a row is written anew two thirds as often.
-- A table has a few more parts at a time for it.
ALTER TABLE events MODIFY SETTING merge_selector_base = 10;

ALTER TABLE event_ids MODIFY SETTING merge_selector_base = 10;
