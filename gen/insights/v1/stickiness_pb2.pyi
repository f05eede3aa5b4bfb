from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StickinessOptions(_message.Message):
    __slots__ = ("cumulative", "min_events")
    CUMULATIVE_FIELD_NUMBER: _ClassVar[int]
    MIN_EVENTS_FIELD_NUMBER: _ClassVar[int]
    cumulative: bool
    min_events: int
    def __init__(self, cumulative: _Optional[bool] = ..., min_events: _Optional[int] = ...) -> None: ...

class StickinessResult(_message.Message):
    __slots__ = ("series",)
    SERIES_FIELD_NUMBER: _ClassVar[int]
    series: _containers.RepeatedCompositeFieldContainer[StickinessSeries]
    def __init__(self, series: _Optional[_Iterable[_Union[StickinessSeries, _Mapping]]] = ...) -> None: ...

class StickinessSeries(_message.Message):
    __slots__ = ("event", "series_index", "points")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    SERIES_INDEX_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    event: str
    series_index: int
    points: _containers.RepeatedCompositeFieldContainer[StickinessPoint]
    def __init__(self, event: _Optional[str] = ..., series_index: _Optional[int] = ..., points: _Optional[_Iterable[_Union[StickinessPoint, _Mapping]]] = ...) -> None: ...

class StickinessPoint(_message.Message):
    __slots__ = ("buckets", "count", "rate")
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    buckets: int
    count: float
    rate: float
    def __init__(self, buckets: _Optional[int] = ..., count: _Optional[float] = ..., rate: _Optional[float] = ...) -> None: ...
