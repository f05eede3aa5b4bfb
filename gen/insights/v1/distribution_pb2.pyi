from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DistributionOf(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DISTRIBUTION_OF_UNSPECIFIED: _ClassVar[DistributionOf]
    DISTRIBUTION_OF_PROPERTY: _ClassVar[DistributionOf]
    DISTRIBUTION_OF_EVENTS_PER_USER: _ClassVar[DistributionOf]
    DISTRIBUTION_OF_SESSION_LENGTH: _ClassVar[DistributionOf]
DISTRIBUTION_OF_UNSPECIFIED: DistributionOf
DISTRIBUTION_OF_PROPERTY: DistributionOf
DISTRIBUTION_OF_EVENTS_PER_USER: DistributionOf
DISTRIBUTION_OF_SESSION_LENGTH: DistributionOf

class DistributionOptions(_message.Message):
    __slots__ = ("of", "edges", "bins")
    OF_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    BINS_FIELD_NUMBER: _ClassVar[int]
    of: DistributionOf
    edges: _containers.RepeatedScalarFieldContainer[float]
    bins: int
    def __init__(self, of: _Optional[_Union[DistributionOf, str]] = ..., edges: _Optional[_Iterable[float]] = ..., bins: _Optional[int] = ...) -> None: ...

class DistributionResult(_message.Message):
    __slots__ = ("bins", "total", "minimum", "maximum", "average", "median", "p90", "p95", "p99")
    BINS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    P90_FIELD_NUMBER: _ClassVar[int]
    P95_FIELD_NUMBER: _ClassVar[int]
    P99_FIELD_NUMBER: _ClassVar[int]
    bins: _containers.RepeatedCompositeFieldContainer[DistributionBin]
    total: float
    minimum: float
    maximum: float
    average: float
    median: float
    p90: float
    p95: float
    p99: float
    def __init__(self, bins: _Optional[_Iterable[_Union[DistributionBin, _Mapping]]] = ..., total: _Optional[float] = ..., minimum: _Optional[float] = ..., maximum: _Optional[float] = ..., average: _Optional[float] = ..., median: _Optional[float] = ..., p90: _Optional[float] = ..., p95: _Optional[float] = ..., p99: _Optional[float] = ...) -> None: ...

class DistributionBin(_message.Message):
    __slots__ = ("start", "end", "count")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    start: float
    end: float
    count: float
    def __init__(self, start: _Optional[float] = ..., end: _Optional[float] = ..., count: _Optional[float] = ...) -> None: ...
