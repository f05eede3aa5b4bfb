import datetime

from events.v1 import stored_event_pb2 as _stored_event_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import filter_pb2 as _filter_pb2
from insights.v1 import time_pb2 as _time_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SnapshotRequest(_message.Message):
    __slots__ = ("window", "names", "filters", "where", "timezone", "page_property", "limit")
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    PAGE_PROPERTY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    window: _duration_pb2.Duration
    names: _containers.RepeatedScalarFieldContainer[str]
    filters: _containers.RepeatedCompositeFieldContainer[_filter_pb2.Filter]
    where: _filter_pb2.FilterExpression
    timezone: str
    page_property: str
    limit: int
    def __init__(self, window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., names: _Optional[_Iterable[str]] = ..., filters: _Optional[_Iterable[_Union[_filter_pb2.Filter, _Mapping]]] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ..., timezone: _Optional[str] = ..., page_property: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class SnapshotResponse(_message.Message):
    __slots__ = ("time_range", "events", "events_per_minute", "active_users", "active_sessions", "top_pages", "top_events", "latest", "watermark")
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_USERS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_SESSIONS_FIELD_NUMBER: _ClassVar[int]
    TOP_PAGES_FIELD_NUMBER: _ClassVar[int]
    TOP_EVENTS_FIELD_NUMBER: _ClassVar[int]
    LATEST_FIELD_NUMBER: _ClassVar[int]
    WATERMARK_FIELD_NUMBER: _ClassVar[int]
    time_range: _time_pb2.TimeRange
    events: float
    events_per_minute: float
    active_users: float
    active_sessions: float
    top_pages: _containers.RepeatedCompositeFieldContainer[SnapshotItem]
    top_events: _containers.RepeatedCompositeFieldContainer[SnapshotItem]
    latest: _containers.RepeatedCompositeFieldContainer[_stored_event_pb2.StoredEvent]
    watermark: _timestamp_pb2.Timestamp
    def __init__(self, time_range: _Optional[_Union[_time_pb2.TimeRange, _Mapping]] = ..., events: _Optional[float] = ..., events_per_minute: _Optional[float] = ..., active_users: _Optional[float] = ..., active_sessions: _Optional[float] = ..., top_pages: _Optional[_Iterable[_Union[SnapshotItem, _Mapping]]] = ..., top_events: _Optional[_Iterable[_Union[SnapshotItem, _Mapping]]] = ..., latest: _Optional[_Iterable[_Union[_stored_event_pb2.StoredEvent, _Mapping]]] = ..., watermark: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SnapshotItem(_message.Message):
    __slots__ = ("value", "events", "users")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    USERS_FIELD_NUMBER: _ClassVar[int]
    value: str
    events: float
    users: float
    def __init__(self, value: _Optional[str] = ..., events: _Optional[float] = ..., users: _Optional[float] = ...) -> None: ...
