from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Aggregation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGGREGATION_UNSPECIFIED: _ClassVar[Aggregation]
    AGGREGATION_COUNT: _ClassVar[Aggregation]
    AGGREGATION_UNIQUE_USERS: _ClassVar[Aggregation]
    AGGREGATION_SUM: _ClassVar[Aggregation]
    AGGREGATION_AVERAGE: _ClassVar[Aggregation]
    AGGREGATION_UNIQUE_SESSIONS: _ClassVar[Aggregation]
    AGGREGATION_COUNT_PER_USER: _ClassVar[Aggregation]
    AGGREGATION_MIN: _ClassVar[Aggregation]
    AGGREGATION_MAX: _ClassVar[Aggregation]
    AGGREGATION_MEDIAN: _ClassVar[Aggregation]
    AGGREGATION_P90: _ClassVar[Aggregation]
    AGGREGATION_P95: _ClassVar[Aggregation]
    AGGREGATION_P99: _ClassVar[Aggregation]
    AGGREGATION_DISTINCT_VALUES: _ClassVar[Aggregation]
    AGGREGATION_SESSIONS: _ClassVar[Aggregation]
    AGGREGATION_AVERAGE_SESSION_DURATION: _ClassVar[Aggregation]
    AGGREGATION_BOUNCE_RATE: _ClassVar[Aggregation]
    AGGREGATION_EVENTS_PER_SESSION: _ClassVar[Aggregation]
AGGREGATION_UNSPECIFIED: Aggregation
AGGREGATION_COUNT: Aggregation
AGGREGATION_UNIQUE_USERS: Aggregation
AGGREGATION_SUM: Aggregation
AGGREGATION_AVERAGE: Aggregation
AGGREGATION_UNIQUE_SESSIONS: Aggregation
AGGREGATION_COUNT_PER_USER: Aggregation
AGGREGATION_MIN: Aggregation
AGGREGATION_MAX: Aggregation
AGGREGATION_MEDIAN: Aggregation
AGGREGATION_P90: Aggregation
AGGREGATION_P95: Aggregation
AGGREGATION_P99: Aggregation
AGGREGATION_DISTINCT_VALUES: Aggregation
AGGREGATION_SESSIONS: Aggregation
AGGREGATION_AVERAGE_SESSION_DURATION: Aggregation
AGGREGATION_BOUNCE_RATE: Aggregation
AGGREGATION_EVENTS_PER_SESSION: Aggregation
