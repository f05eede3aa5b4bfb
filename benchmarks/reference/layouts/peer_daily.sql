-- The daily rollup of the peer's layout: every dimension that its charts are broken down by, counts and sums
-- added up, users as states that estimate them.
DROP TABLE IF EXISTS peer_daily SYNC;

CREATE TABLE peer_daily
(
    project_id      LowCardinality(String),
    event           LowCardinality(String),
    day             Date,
    country         LowCardinality(String),
    browser         LowCardinality(String),
    os              LowCardinality(String),
    device          LowCardinality(String),
    language        LowCardinality(String),
    url             String,
    referrer_domain LowCardinality(String),
    utm_source      LowCardinality(String),
    utm_campaign    LowCardinality(String),
    plan            LowCardinality(String),
    variant         LowCardinality(String),
    app_version     LowCardinality(String),
    screen_width    Float64,
    logged_in       Bool,
    coupon          LowCardinality(String),
    search_term     String,
    quantity        Float64,
    events          SimpleAggregateFunction(sum, UInt64),
    users           AggregateFunction(uniq, String),
    amount          SimpleAggregateFunction(sum, Float64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY
    (project_id, event, day, country, browser, os, device, language, url, referrer_domain, utm_source,
    utm_campaign, plan, variant, app_version, screen_width, logged_in, coupon, search_term, quantity);

INSERT INTO peer_daily
SELECT
    project_id, event, toDate(time) AS day, country, browser, os, device, language, url, referrer_domain,
    utm_source, utm_campaign, plan, variant, app_version, screen_width, ifNull(logged_in, 0), coupon,
    search_term, ifNull(quantity, 0),
    count(), uniqState(user_id), sum(ifNull(amount, 0))
FROM made
GROUP BY ALL
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0, max_bytes_before_external_group_by = 4000000000;

OPTIMIZE TABLE peer_daily FINAL;
