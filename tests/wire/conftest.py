"""The fixtures of this folder."""

from tests.wire.servers import demo, http, ports, slow_engine

__all__ = ["demo", "http", "ports", "slow_engine"]
