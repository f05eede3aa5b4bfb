"""How large the engine may grow, and what every statement is held to.

chDB's own defaults are no limits at all, so each statement names all of its limits itself. What is the same
for all statements a client is told once: naming it took a fortieth of a short statement.
"""

import os
from dataclasses import dataclass, field, replace

from eventglass.engine.engine import Limits
from eventglass.engine.layout import MOST_COLUMNS_OF_PROPERTIES

# A property's name becomes an identifier, escaped to up to three times its length.
MAX_STATEMENT_BYTES = 16 * 2**20

_MICROSECONDS = 1e6


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """What one server lets its engine use.

    Args:
        clients: queries that run at the same time, beside what is stored.
        max_waiting: queries that may wait for a client; more are refused.
        max_seconds: the longest a SELECT may take, its wait included.
        max_insert_seconds: the longest an INSERT may take, once it runs.
        max_memory_bytes: of one statement.
        max_rows_read: by one SELECT, from tables.
        max_result_rows: of one SELECT.
        max_result_bytes: of one SELECT.
        max_groups: keys of one GROUP BY.
        threads: of one statement.
        threads_while_others_wait: of one SELECT that starts while others wait for a client; None: as ever.
    """

    clients: int = 4
    max_waiting: int = 64
    max_seconds: float = 30.0
    max_insert_seconds: float = 120.0
    max_memory_bytes: int = 4 * 2**30
    max_rows_read: int = 2_000_000_000
    max_result_rows: int = 2_000_000
    max_result_bytes: int = 2**30
    max_groups: int = 100_000_000
    threads: int = field(default_factory=_cores)
    threads_while_others_wait: int | None = None


SettingValues = dict[str, int | float | str]


def client_settings(engine: EngineSettings) -> SettingValues:
    """Give what a client keeps for life, and so what its commands (KILL, DDL) are held to.

    Only here can the size of the statement itself be set: it is asked before a statement's own
    settings are read.
    """
    return {
        "max_query_size": MAX_STATEMENT_BYTES,
        # A funnel of 30 steps is some 60 SELECTs deep.
        "max_parser_depth": 4_000,
        "max_ast_depth": 4_000,
        "max_subquery_depth": 400,
        "max_execution_time": engine.max_insert_seconds,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": engine.max_memory_bytes,
        "max_threads": engine.threads,
    }


def pool_settings(engine: EngineSettings) -> SettingValues:
    """Give what the clients of a pool keep for life: besides, all that no SELECT has otherwise."""
    return client_settings(engine) | {
        "read_overflow_mode": "throw",
        "result_overflow_mode": "throw",
        "group_by_overflow_mode": "throw",
        # It would make rows_read depend on what was asked before.
        "use_query_condition_cache": 0,
        # Statements group by nothing that these could leave out, and both look through all of a
        # statement for each of its keys: of a funnel with a breakdown a seventh of its planning.
        "optimize_group_by_function_keys": 0,
        "optimize_aggregators_of_group_by_keys": 0,
        # No table has a projection (see migration 0008), and those that the engine makes up answer
        # nothing that is asked here: of a daily count a fourteenth is spent on looking at them.
        "optimize_use_projections": 0,
        "optimize_use_implicit_projections": 0,
    }


def select_settings(
    engine: EngineSettings, limits: Limits, *, seconds: float, threads: int, tag: str, readonly: int
) -> SettingValues:
    """Give the settings of one SELECT, besides those that its client keeps.

    Args:
        engine: the server's limits.
        limits: the caller's.
        seconds: what is left of the caller's time, above 0.
        threads: how many it may use.
        tag: names the statement, so that it can be ended.
        readonly: 1, or 2 where an interface takes settings only so.
    """
    rows_read = engine.max_rows_read
    if limits.max_rows_read is not None:
        rows_read = min(rows_read, limits.max_rows_read)
    return {
        "log_comment": tag,
        "max_execution_time": _as_read(seconds),
        "max_rows_to_read": rows_read,
        "max_result_rows": engine.max_result_rows,
        "max_result_bytes": engine.max_result_bytes,
        "max_rows_to_group_by": engine.max_groups,
        "max_threads": threads,
        "readonly": readonly,
    }


def _as_read(seconds: float) -> float:
    """Give a time that the engine reads as itself, a few microseconds shorter at most.

    It keeps whole microseconds, cut from a double, and 0 would mean no limit. chDB sets a statement's
    settings twice, and the second time the statement is read-only already: then no value may differ from
    what was kept. A time that loses a microsecond each time would.
    """
    kept = max(int(seconds * _MICROSECONDS), 1)
    while int(kept / _MICROSECONDS * _MICROSECONDS) != kept:
        kept -= 1
    return kept / _MICROSECONDS


def storing_settings(engine: EngineSettings) -> EngineSettings:
    """Give what SELECTs of those who store are held to: no caller could ask them to read less."""
    return replace(
        engine,
        max_seconds=engine.max_insert_seconds,
        # The engine reads 0 as no limit.
        max_rows_read=0,
        max_result_rows=0,
        max_result_bytes=0,
        max_groups=0,
        # Few statements store, and everybody waits for them.
        threads_while_others_wait=None,
    )


def insert_settings(engine: EngineSettings, *, tag: str) -> SettingValues:
    """Give all settings of one INSERT of rows whose `properties` are JSON text.

    Numbers stay Float64 and texts stay texts, whatever they look like.
    """
    return {
        "log_comment": tag,
        "max_execution_time": engine.max_insert_seconds,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": engine.max_memory_bytes,
        "max_threads": engine.threads,
        "max_insert_threads": 1,
        # One batch may be spread over all months that an event may have.
        "max_partitions_per_insert_block": 0,
        "async_insert": 0,
        "input_format_try_infer_integers": 0,
        "input_format_try_infer_dates": 0,
        "input_format_try_infer_datetimes": 0,
        "input_format_json_try_infer_numbers_from_strings": 0,
        "input_format_json_read_bools_as_numbers": 0,
        # Properties that are met later are kept together. The type allows for twice as many columns, and each
        # of them is written and merged for all rows, however few have a value.
        "max_dynamic_subcolumns_in_json_type_parsing": MOST_COLUMNS_OF_PROPERTIES,
    }
