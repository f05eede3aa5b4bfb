import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import breakdown_pb2 as _breakdown_pb2
from insights.v1 import event_selector_pb2 as _event_selector_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FunnelOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUNNEL_ORDER_UNSPECIFIED: _ClassVar[FunnelOrder]
    FUNNEL_ORDER_ORDERED: _ClassVar[FunnelOrder]
    FUNNEL_ORDER_STRICT: _ClassVar[FunnelOrder]
    FUNNEL_ORDER_UNORDERED: _ClassVar[FunnelOrder]

class FunnelCountBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUNNEL_COUNT_BY_UNSPECIFIED: _ClassVar[FunnelCountBy]
    FUNNEL_COUNT_BY_USERS: _ClassVar[FunnelCountBy]
    FUNNEL_COUNT_BY_SESSIONS: _ClassVar[FunnelCountBy]

class FunnelAttribution(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUNNEL_ATTRIBUTION_UNSPECIFIED: _ClassVar[FunnelAttribution]
    FUNNEL_ATTRIBUTION_FIRST_STEP: _ClassVar[FunnelAttribution]
    FUNNEL_ATTRIBUTION_LAST_STEP: _ClassVar[FunnelAttribution]
    FUNNEL_ATTRIBUTION_STEP: _ClassVar[FunnelAttribution]
    FUNNEL_ATTRIBUTION_FIRST_TOUCH: _ClassVar[FunnelAttribution]
    FUNNEL_ATTRIBUTION_LAST_TOUCH: _ClassVar[FunnelAttribution]
FUNNEL_ORDER_UNSPECIFIED: FunnelOrder
FUNNEL_ORDER_ORDERED: FunnelOrder
FUNNEL_ORDER_STRICT: FunnelOrder
FUNNEL_ORDER_UNORDERED: FunnelOrder
FUNNEL_COUNT_BY_UNSPECIFIED: FunnelCountBy
FUNNEL_COUNT_BY_USERS: FunnelCountBy
FUNNEL_COUNT_BY_SESSIONS: FunnelCountBy
FUNNEL_ATTRIBUTION_UNSPECIFIED: FunnelAttribution
FUNNEL_ATTRIBUTION_FIRST_STEP: FunnelAttribution
FUNNEL_ATTRIBUTION_LAST_STEP: FunnelAttribution
FUNNEL_ATTRIBUTION_STEP: FunnelAttribution
FUNNEL_ATTRIBUTION_FIRST_TOUCH: FunnelAttribution
FUNNEL_ATTRIBUTION_LAST_TOUCH: FunnelAttribution

class FunnelOptions(_message.Message):
    __slots__ = ("order", "exclusions", "within_range", "count_by", "hold_constant", "attribution", "attribution_step", "trend")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    EXCLUSIONS_FIELD_NUMBER: _ClassVar[int]
    WITHIN_RANGE_FIELD_NUMBER: _ClassVar[int]
    COUNT_BY_FIELD_NUMBER: _ClassVar[int]
    HOLD_CONSTANT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_STEP_FIELD_NUMBER: _ClassVar[int]
    TREND_FIELD_NUMBER: _ClassVar[int]
    order: FunnelOrder
    exclusions: _containers.RepeatedCompositeFieldContainer[FunnelExclusion]
    within_range: bool
    count_by: FunnelCountBy
    hold_constant: _containers.RepeatedScalarFieldContainer[str]
    attribution: FunnelAttribution
    attribution_step: int
    trend: bool
    def __init__(self, order: _Optional[_Union[FunnelOrder, str]] = ..., exclusions: _Optional[_Iterable[_Union[FunnelExclusion, _Mapping]]] = ..., within_range: _Optional[bool] = ..., count_by: _Optional[_Union[FunnelCountBy, str]] = ..., hold_constant: _Optional[_Iterable[str]] = ..., attribution: _Optional[_Union[FunnelAttribution, str]] = ..., attribution_step: _Optional[int] = ..., trend: _Optional[bool] = ...) -> None: ...

class FunnelExclusion(_message.Message):
    __slots__ = ("event", "from_step", "to_step")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    FROM_STEP_FIELD_NUMBER: _ClassVar[int]
    TO_STEP_FIELD_NUMBER: _ClassVar[int]
    event: _event_selector_pb2.EventSelector
    from_step: int
    to_step: int
    def __init__(self, event: _Optional[_Union[_event_selector_pb2.EventSelector, _Mapping]] = ..., from_step: _Optional[int] = ..., to_step: _Optional[int] = ...) -> None: ...

class FunnelResult(_message.Message):
    __slots__ = ("steps", "overall_conversion_rate", "breakdowns", "trend")
    STEPS_FIELD_NUMBER: _ClassVar[int]
    OVERALL_CONVERSION_RATE_FIELD_NUMBER: _ClassVar[int]
    BREAKDOWNS_FIELD_NUMBER: _ClassVar[int]
    TREND_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[FunnelStep]
    overall_conversion_rate: float
    breakdowns: _containers.RepeatedCompositeFieldContainer[FunnelBreakdown]
    trend: _containers.RepeatedCompositeFieldContainer[FunnelTrendPoint]
    def __init__(self, steps: _Optional[_Iterable[_Union[FunnelStep, _Mapping]]] = ..., overall_conversion_rate: _Optional[float] = ..., breakdowns: _Optional[_Iterable[_Union[FunnelBreakdown, _Mapping]]] = ..., trend: _Optional[_Iterable[_Union[FunnelTrendPoint, _Mapping]]] = ...) -> None: ...

class FunnelStep(_message.Message):
    __slots__ = ("event", "count", "conversion_rate", "step_conversion_rate", "average_time", "median_time", "p90_time", "p95_time", "histogram")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    CONVERSION_RATE_FIELD_NUMBER: _ClassVar[int]
    STEP_CONVERSION_RATE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_TIME_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_TIME_FIELD_NUMBER: _ClassVar[int]
    P90_TIME_FIELD_NUMBER: _ClassVar[int]
    P95_TIME_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_FIELD_NUMBER: _ClassVar[int]
    event: str
    count: float
    conversion_rate: float
    step_conversion_rate: float
    average_time: _duration_pb2.Duration
    median_time: _duration_pb2.Duration
    p90_time: _duration_pb2.Duration
    p95_time: _duration_pb2.Duration
    histogram: _containers.RepeatedCompositeFieldContainer[FunnelTimeBin]
    def __init__(self, event: _Optional[str] = ..., count: _Optional[float] = ..., conversion_rate: _Optional[float] = ..., step_conversion_rate: _Optional[float] = ..., average_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., median_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., p90_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., p95_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., histogram: _Optional[_Iterable[_Union[FunnelTimeBin, _Mapping]]] = ...) -> None: ...

class FunnelTimeBin(_message.Message):
    __slots__ = ("start", "end", "count")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    start: _duration_pb2.Duration
    end: _duration_pb2.Duration
    count: float
    def __init__(self, start: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., end: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., count: _Optional[float] = ...) -> None: ...

class FunnelBreakdown(_message.Message):
    __slots__ = ("dimensions", "steps", "overall_conversion_rate")
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    OVERALL_CONVERSION_RATE_FIELD_NUMBER: _ClassVar[int]
    dimensions: _containers.RepeatedCompositeFieldContainer[_breakdown_pb2.DimensionValue]
    steps: _containers.RepeatedCompositeFieldContainer[FunnelStep]
    overall_conversion_rate: float
    def __init__(self, dimensions: _Optional[_Iterable[_Union[_breakdown_pb2.DimensionValue, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[FunnelStep, _Mapping]]] = ..., overall_conversion_rate: _Optional[float] = ...) -> None: ...

class FunnelTrendPoint(_message.Message):
    __slots__ = ("timestamp", "entered", "converted", "conversion_rate", "partial")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    ENTERED_FIELD_NUMBER: _ClassVar[int]
    CONVERTED_FIELD_NUMBER: _ClassVar[int]
    CONVERSION_RATE_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    entered: float
    converted: float
    conversion_rate: float
    partial: bool
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., entered: _Optional[float] = ..., converted: _Optional[float] = ..., conversion_rate: _Optional[float] = ..., partial: _Optional[bool] = ...) -> None: ...
