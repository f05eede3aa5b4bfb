-- A merge holds a granule of each of its parts in memory, some 8 MiB. By default it takes in up to 100 of them.
-- The base goes with it, else twice as many parts would wait until a merge is worth it.
ALTER TABLE events MODIFY SETTING max_parts_to_merge_at_once = 8, merge_selector_base = 8;
