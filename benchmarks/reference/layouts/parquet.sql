-- The same rows as one Parquet file in order of time, a column for each property: more than a log of events
-- would have, whose properties are not known beforehand.
INSERT INTO FUNCTION file({parquet:String}, 'Parquet')
SELECT
    project_id::String AS project_id, event::String AS event, time, event_id::String AS event_id,
    user_id, session_id::String AS session_id,
    plan::String AS plan, country::String AS country, browser::String AS browser, os::String AS os,
    device::String AS device, language::String AS language, url, screen_width,
    nullIf(referrer_domain::String, '') AS referrer_domain, nullIf(utm_source::String, '') AS utm_source,
    nullIf(utm_campaign::String, '') AS utm_campaign, nullIf(variant::String, '') AS variant,
    nullIf(app_version::String, '') AS app_version, nullIf(search_term, '') AS search_term,
    nullIf(coupon::String, '') AS coupon,
    amount, quantity, load_time, logged_in
FROM made
ORDER BY time
SETTINGS
    engine_file_truncate_on_insert = 1,
    output_format_parquet_compression_method = 'zstd',
    max_bytes_before_external_sort = 4000000000;
