"""The fixtures of this folder."""

from tests.wire.servers import demo

__all__ = ["demo"]
