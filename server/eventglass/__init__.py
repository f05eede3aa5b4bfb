"""eventglass: one typed query spec for product analytics, compiled to ClickHouse SQL."""
