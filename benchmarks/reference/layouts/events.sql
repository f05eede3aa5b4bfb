-- The service's own table, as its writer fills it: see ingest/commit.py.
TRUNCATE TABLE events;

INSERT INTO events
    (project_id, event, time, received_at, event_id_text, person, user_id, session_id_text, session, properties_text)
SELECT
    project_id,
    event,
    time,
    time + INTERVAL 1 SECOND,
    toString(event_id),
    cityHash64(user_id),
    user_id,
    toString(session_id),
    cityHash64(session_id),
    -- Numbers have a fraction, so that they are stored as Float64: 8.0, not 8.
    replaceRegexpAll(toJSONString(tuple(
        plan, country, browser, os, device, language, url, screen_width,
        nullIf(referrer_domain, ''), nullIf(utm_source, ''), nullIf(utm_campaign, ''), nullIf(variant, ''),
        nullIf(app_version, ''), nullIf(search_term, ''), nullIf(coupon, ''),
        amount, quantity, load_time, logged_in
    )::Tuple(
        plan String, `$geo~2Ecountry` String, `$browser` String, `$os` String, `$device` String,
        language String, `$url` String, screen_width Float64,
        `$referrer_domain` Nullable(String), `$utm~2Esource` Nullable(String),
        `$utm~2Ecampaign` Nullable(String), variant Nullable(String),
        app_version Nullable(String), search_term Nullable(String), coupon Nullable(String),
        amount Nullable(Float64), quantity Nullable(Float64), load_time Nullable(Float64),
        logged_in Nullable(Bool))), '(":-?\\d+)([,}])', '\\1.0\\2')
FROM made
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0;

OPTIMIZE TABLE events FINAL;
