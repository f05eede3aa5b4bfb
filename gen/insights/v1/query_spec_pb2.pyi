import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from insights.v1 import aggregation_pb2 as _aggregation_pb2
from insights.v1 import breakdown_pb2 as _breakdown_pb2
from insights.v1 import distribution_pb2 as _distribution_pb2
from insights.v1 import event_selector_pb2 as _event_selector_pb2
from insights.v1 import filter_pb2 as _filter_pb2
from insights.v1 import funnel_pb2 as _funnel_pb2
from insights.v1 import paths_pb2 as _paths_pb2
from insights.v1 import retention_pb2 as _retention_pb2
from insights.v1 import stickiness_pb2 as _stickiness_pb2
from insights.v1 import time_pb2 as _time_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Visualization(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VISUALIZATION_UNSPECIFIED: _ClassVar[Visualization]
    VISUALIZATION_LINE: _ClassVar[Visualization]
    VISUALIZATION_AREA: _ClassVar[Visualization]
    VISUALIZATION_BAR: _ClassVar[Visualization]
    VISUALIZATION_FUNNEL: _ClassVar[Visualization]
    VISUALIZATION_RETENTION: _ClassVar[Visualization]
    VISUALIZATION_TABLE: _ClassVar[Visualization]
    VISUALIZATION_KPI: _ClassVar[Visualization]
    VISUALIZATION_LIFECYCLE: _ClassVar[Visualization]
    VISUALIZATION_STICKINESS: _ClassVar[Visualization]
    VISUALIZATION_PATHS: _ClassVar[Visualization]
    VISUALIZATION_HEATMAP: _ClassVar[Visualization]
    VISUALIZATION_DISTRIBUTION: _ClassVar[Visualization]
VISUALIZATION_UNSPECIFIED: Visualization
VISUALIZATION_LINE: Visualization
VISUALIZATION_AREA: Visualization
VISUALIZATION_BAR: Visualization
VISUALIZATION_FUNNEL: Visualization
VISUALIZATION_RETENTION: Visualization
VISUALIZATION_TABLE: Visualization
VISUALIZATION_KPI: Visualization
VISUALIZATION_LIFECYCLE: Visualization
VISUALIZATION_STICKINESS: Visualization
VISUALIZATION_PATHS: Visualization
VISUALIZATION_HEATMAP: Visualization
VISUALIZATION_DISTRIBUTION: Visualization

class QuerySpec(_message.Message):
    __slots__ = ("events", "time_range", "granularity", "aggregation", "aggregation_property", "breakdown", "filters", "where", "visualization", "conversion_window", "starting_event", "return_event", "timezone", "comparisons", "formula", "audience_id", "rolling_window", "page_size", "page_token", "funnel", "retention", "paths", "stickiness", "distribution")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    GRANULARITY_FIELD_NUMBER: _ClassVar[int]
    AGGREGATION_FIELD_NUMBER: _ClassVar[int]
    AGGREGATION_PROPERTY_FIELD_NUMBER: _ClassVar[int]
    BREAKDOWN_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    VISUALIZATION_FIELD_NUMBER: _ClassVar[int]
    CONVERSION_WINDOW_FIELD_NUMBER: _ClassVar[int]
    STARTING_EVENT_FIELD_NUMBER: _ClassVar[int]
    RETURN_EVENT_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    COMPARISONS_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_ID_FIELD_NUMBER: _ClassVar[int]
    ROLLING_WINDOW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FUNNEL_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    PATHS_FIELD_NUMBER: _ClassVar[int]
    STICKINESS_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_event_selector_pb2.EventSelector]
    time_range: _time_pb2.TimeRange
    granularity: _time_pb2.Granularity
    aggregation: _aggregation_pb2.Aggregation
    aggregation_property: str
    breakdown: _breakdown_pb2.Breakdown
    filters: _containers.RepeatedCompositeFieldContainer[_filter_pb2.Filter]
    where: _filter_pb2.FilterExpression
    visualization: Visualization
    conversion_window: _duration_pb2.Duration
    starting_event: _event_selector_pb2.EventSelector
    return_event: _event_selector_pb2.EventSelector
    timezone: str
    comparisons: _containers.RepeatedCompositeFieldContainer[_time_pb2.Comparison]
    formula: str
    audience_id: str
    rolling_window: _duration_pb2.Duration
    page_size: int
    page_token: str
    funnel: _funnel_pb2.FunnelOptions
    retention: _retention_pb2.RetentionOptions
    paths: _paths_pb2.PathsOptions
    stickiness: _stickiness_pb2.StickinessOptions
    distribution: _distribution_pb2.DistributionOptions
    def __init__(self, events: _Optional[_Iterable[_Union[_event_selector_pb2.EventSelector, _Mapping]]] = ..., time_range: _Optional[_Union[_time_pb2.TimeRange, _Mapping]] = ..., granularity: _Optional[_Union[_time_pb2.Granularity, str]] = ..., aggregation: _Optional[_Union[_aggregation_pb2.Aggregation, str]] = ..., aggregation_property: _Optional[str] = ..., breakdown: _Optional[_Union[_breakdown_pb2.Breakdown, _Mapping]] = ..., filters: _Optional[_Iterable[_Union[_filter_pb2.Filter, _Mapping]]] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ..., visualization: _Optional[_Union[Visualization, str]] = ..., conversion_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., starting_event: _Optional[_Union[_event_selector_pb2.EventSelector, _Mapping]] = ..., return_event: _Optional[_Union[_event_selector_pb2.EventSelector, _Mapping]] = ..., timezone: _Optional[str] = ..., comparisons: _Optional[_Iterable[_Union[_time_pb2.Comparison, _Mapping]]] = ..., formula: _Optional[str] = ..., audience_id: _Optional[str] = ..., rolling_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., funnel: _Optional[_Union[_funnel_pb2.FunnelOptions, _Mapping]] = ..., retention: _Optional[_Union[_retention_pb2.RetentionOptions, _Mapping]] = ..., paths: _Optional[_Union[_paths_pb2.PathsOptions, _Mapping]] = ..., stickiness: _Optional[_Union[_stickiness_pb2.StickinessOptions, _Mapping]] = ..., distribution: _Optional[_Union[_distribution_pb2.DistributionOptions, _Mapping]] = ...) -> None: ...
