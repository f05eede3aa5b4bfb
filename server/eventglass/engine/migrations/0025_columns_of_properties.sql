-- A part has columns of its own for the 128 properties that most of its events have, not for 256, and keeps the rest of
-- them together. A merge writes each column for all rows: with hundreds of names, most of which few events have,
-- that was most of what storing took. The type stays, because another one would have all parts written anew.
ALTER TABLE events
    MODIFY SETTING merge_max_dynamic_subcolumns_in_wide_part = 128, merge_max_dynamic_subcolumns_in_compact_part = 128;
