-- Every row of the world, as plain columns: what each layout is filled from, and what it has in common.
-- A number's hash draws everything, so that a world of one size is always the same.
-- Blocks of 16 rows are cut into sessions of 1 to 16 events, 30 to 90 seconds apart.
DROP TABLE IF EXISTS made SYNC;

CREATE TABLE made ENGINE = MergeTree ORDER BY () AS
SELECT
    if(visitor % 5 = 0, 'blog', 'shop')::LowCardinality(String) AS project_id,
    if(rank > 8, 'feature_' || toString(rank), ['page_view', 'product_view', 'add_to_cart', 'purchase',
        'search', 'sign_up', 'log_in', 'share'][least(rank, 8)])::LowCardinality(String) AS event,
    fromUnixTimestamp64Milli(began + place * 60000 + cityHash64(n, 'time') % 30000, 'UTC') AS time,
    reinterpret(sipHash128(n, 'event'), 'UUID') AS event_id,
    'user_' || toString(visitor) AS user_id,
    reinterpret(sipHash128(session, 'session'), 'UUID') AS session_id,

    -- On every event.
    ['free', 'free', 'free', 'free', 'team', 'team', 'pro', 'enterprise'][cityHash64(visitor, 'plan') % 8 + 1]
        ::LowCardinality(String) AS plan,
    ('C' || toString(toUInt64(pow(76, cityHash64(visitor, 'country') / pow(2, 64)))))
        ::LowCardinality(String) AS country,
    ['Chrome', 'Chrome', 'Safari', 'Firefox', 'Edge', 'Opera'][cityHash64(visitor, 'browser') % 6 + 1]
        ::LowCardinality(String) AS browser,
    ['Windows', 'Mac OS X', 'Android', 'iOS', 'Linux'][cityHash64(visitor, 'os') % 5 + 1]
        ::LowCardinality(String) AS os,
    ['desktop', 'mobile', 'mobile', 'tablet'][cityHash64(visitor, 'device') % 4 + 1]
        ::LowCardinality(String) AS device,
    ['en', 'en', 'de', 'fr', 'es', 'ja'][cityHash64(visitor, 'language') % 6 + 1]
        ::LowCardinality(String) AS language,
    'https://shop.example/products/' || toString(toUInt64(pow(500, draw))) AS url,
    [360, 768, 1280, 1440, 1920][cityHash64(visitor, 'screen') % 5 + 1]::Float64 AS screen_width,

    -- On some: '' and NULL are absent.
    if(origin % 2 = 0, ['google.com', 'bing.com', 'news.example', 'blog.example', 'social.example']
        [origin % 5 + 1], '')::LowCardinality(String) AS referrer_domain,
    if(origin % 10 < 3, ['newsletter', 'ads', 'partner'][origin % 3 + 1], '')
        ::LowCardinality(String) AS utm_source,
    if(origin % 10 < 3, 'campaign_' || toString(origin % 24), '')::LowCardinality(String) AS utm_campaign,
    if(visitor % 2 = 0, ['control', 'variant'][cityHash64(visitor, 'test') % 2 + 1], '')
        ::LowCardinality(String) AS variant,
    if(origin % 5 < 3, '4.' || toString(origin % 17), '')::LowCardinality(String) AS app_version,
    if(rank = 5, 'term ' || toString(toUInt64(pow(5000, draw))), '') AS search_term,
    if(cityHash64(n, 'coupon') % 1000 = 0, 'SAVE' || toString(toUInt64(pow(300, draw))), '')
        ::LowCardinality(String) AS coupon,
    if(rank = 4, round(pow(500, draw), 2), NULL) AS amount,
    if(rank IN (3, 4), toFloat64(1 + cityHash64(n, 'quantity') % 5), NULL) AS quantity,
    if(rank = 1, toFloat64(toUInt64(80 * pow(60, draw))), NULL) AS load_time,
    if(origin % 10 < 9, visitor % 3 = 0, NULL) AS logged_in
FROM (
    SELECT
        number AS n,
        number % 16 AS place,
        intDiv(number, 16) AS block,
        block * 16 + [
            [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
            [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
            [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2],
            [1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4],
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
        ][cityHash64(block, 'cut') % 5 + 1][place + 1] AS session,
        toUInt64(pow(cityHash64(session, 'visitor') / pow(2, 64), 2) * {visitors:UInt64}) AS visitor,
        cityHash64(session, 'origin') AS origin,
        {start:Int64} + cityHash64(session, 'began') % ({days:UInt64} * 86400000 - 960000) AS began,
        toUInt64(pow(40, cityHash64(n, 'name') / pow(2, 64))) AS rank,
        cityHash64(n, 'draw') / pow(2, 64) AS draw
    FROM numbers({events:UInt64}));
