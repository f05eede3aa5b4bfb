"""Callers whose machine is gone, or frozen: how both ports find out.

Nothing tells a server that the other end has vanished. As it is, TCP gives up a quarter of an hour after
something was sent, and after two hours if nothing is; so long would a stream keep its place, and a query
run for nobody.
"""

import socket

QUIET_SECONDS = 30.0
# gRPC's clients ask every ten seconds at most (its proposal A8), if they are not told otherwise.
_OFTEN_MS = 1_000
_PROBES = 3


def pings(quiet_seconds: float) -> list[tuple[str, int]]:
    """Make the options by which a gRPC server asks, and lets its callers ask.

    Without them gRPC would hang up on a caller who asks every ten seconds while a long query is at work.

    Args:
        quiet_seconds: how long a caller may be silent before it is asked, and how long it may take to answer.
    """
    quiet_ms = round(quiet_seconds * 1_000)
    return [
        ("grpc.keepalive_time_ms", quiet_ms),
        ("grpc.http2.ping_timeout_ms", quiet_ms),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.http2.min_ping_interval_without_data_ms", _OFTEN_MS),
    ]


def set_probes(listener: socket.socket, quiet_seconds: float) -> None:
    """Have TCP ask the callers of a listening socket, and give up what they take no more of.

    Not every system has all of these options; where one is missing, its own pace holds.

    Args:
        listener: the connections that it accepts inherit what is set.
        quiet_seconds: how long a caller may be silent before it is asked; after twice this it is gone.
    """
    options = {
        "TCP_KEEPIDLE": round(quiet_seconds),
        "TCP_KEEPINTVL": max(1, round(quiet_seconds / _PROBES)),
        "TCP_KEEPCNT": _PROBES,
        "TCP_USER_TIMEOUT": round(2 * quiet_seconds * 1_000),
    }
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in options.items():
        if option := getattr(socket, name, None):
            listener.setsockopt(socket.IPPROTO_TCP, option, value)
