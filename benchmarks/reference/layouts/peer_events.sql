-- A layout that is common elsewhere: duplicates are left to merges, which the sorting key serves, as it serves
-- reading what came last; ids are texts, what every event has is a column, and all else is in a map.
DROP TABLE IF EXISTS peer_events SYNC;

CREATE TABLE peer_events
(
    project_id      LowCardinality(String),
    event           LowCardinality(String),
    time            DateTime64(3, 'UTC'),
    received_at     DateTime64(3, 'UTC'),
    event_id        UUID,
    user_id         String,
    session_id      UUID,
    country         LowCardinality(String),
    browser         LowCardinality(String),
    os              LowCardinality(String),
    device          LowCardinality(String),
    language        LowCardinality(String),
    url             String,
    referrer_domain LowCardinality(String),
    utm_source      LowCardinality(String),
    utm_campaign    LowCardinality(String),
    properties      Map(LowCardinality(String), Variant(Bool, Float64, String))
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(time)
ORDER BY (project_id, toStartOfMinute(time), event, event_id);

INSERT INTO peer_events
SELECT
    project_id, event, time, time + INTERVAL 1 SECOND, event_id, user_id, session_id,
    country, browser, os, device, language, url, referrer_domain, utm_source, utm_campaign,
    mapFilter((name, value) -> value IS NOT NULL, map(
        'plan', plan::String::Variant(Bool, Float64, String),
        'screen_width', screen_width::Variant(Bool, Float64, String),
        'variant', nullIf(variant::String, '')::Variant(Bool, Float64, String),
        'app_version', nullIf(app_version::String, '')::Variant(Bool, Float64, String),
        'search_term', nullIf(search_term, '')::Variant(Bool, Float64, String),
        'coupon', nullIf(coupon::String, '')::Variant(Bool, Float64, String),
        'amount', amount::Variant(Bool, Float64, String),
        'quantity', quantity::Variant(Bool, Float64, String),
        'load_time', load_time::Variant(Bool, Float64, String),
        'logged_in', logged_in::Nullable(Bool)::Variant(Bool, Float64, String)))
FROM made
SETTINGS
    max_insert_threads = 1,
    max_partitions_per_insert_block = 0,
    -- '4.5' is a text.
    cast_string_to_variant_use_inference = 0;

OPTIMIZE TABLE peer_events FINAL;
