import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import breakdown_pb2 as _breakdown_pb2
from insights.v1 import time_pb2 as _time_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SeriesPoint(_message.Message):
    __slots__ = ("timestamp", "value", "breakdown", "event", "series_index", "dimensions", "partial", "comparison", "aligned_index")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    BREAKDOWN_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    SERIES_INDEX_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    ALIGNED_INDEX_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    value: float
    breakdown: str
    event: str
    series_index: int
    dimensions: _containers.RepeatedCompositeFieldContainer[_breakdown_pb2.DimensionValue]
    partial: bool
    comparison: str
    aligned_index: int
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., value: _Optional[float] = ..., breakdown: _Optional[str] = ..., event: _Optional[str] = ..., series_index: _Optional[int] = ..., dimensions: _Optional[_Iterable[_Union[_breakdown_pb2.DimensionValue, _Mapping]]] = ..., partial: _Optional[bool] = ..., comparison: _Optional[str] = ..., aligned_index: _Optional[int] = ...) -> None: ...

class Kpi(_message.Message):
    __slots__ = ("event", "series_index", "value", "partial", "comparisons")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    SERIES_INDEX_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    COMPARISONS_FIELD_NUMBER: _ClassVar[int]
    event: str
    series_index: int
    value: float
    partial: bool
    comparisons: _containers.RepeatedCompositeFieldContainer[KpiComparison]
    def __init__(self, event: _Optional[str] = ..., series_index: _Optional[int] = ..., value: _Optional[float] = ..., partial: _Optional[bool] = ..., comparisons: _Optional[_Iterable[_Union[KpiComparison, _Mapping]]] = ...) -> None: ...

class KpiComparison(_message.Message):
    __slots__ = ("label", "time_range", "value", "change", "relative_change")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_CHANGE_FIELD_NUMBER: _ClassVar[int]
    label: str
    time_range: _time_pb2.TimeRange
    value: float
    change: float
    relative_change: float
    def __init__(self, label: _Optional[str] = ..., time_range: _Optional[_Union[_time_pb2.TimeRange, _Mapping]] = ..., value: _Optional[float] = ..., change: _Optional[float] = ..., relative_change: _Optional[float] = ...) -> None: ...
