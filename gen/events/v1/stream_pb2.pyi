import datetime

from events.v1 import stored_event_pb2 as _stored_event_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import filter_pb2 as _filter_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StreamRequest(_message.Message):
    __slots__ = ("names", "filters", "where", "timezone", "arrived_after")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    ARRIVED_AFTER_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    filters: _containers.RepeatedCompositeFieldContainer[_filter_pb2.Filter]
    where: _filter_pb2.FilterExpression
    timezone: str
    arrived_after: _timestamp_pb2.Timestamp
    def __init__(self, names: _Optional[_Iterable[str]] = ..., filters: _Optional[_Iterable[_Union[_filter_pb2.Filter, _Mapping]]] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ..., timezone: _Optional[str] = ..., arrived_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StreamResponse(_message.Message):
    __slots__ = ("gap", "events", "watermark")
    GAP_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    WATERMARK_FIELD_NUMBER: _ClassVar[int]
    gap: StreamGap
    events: _containers.RepeatedCompositeFieldContainer[_stored_event_pb2.StoredEvent]
    watermark: _timestamp_pb2.Timestamp
    def __init__(self, gap: _Optional[_Union[StreamGap, _Mapping]] = ..., events: _Optional[_Iterable[_Union[_stored_event_pb2.StoredEvent, _Mapping]]] = ..., watermark: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StreamGap(_message.Message):
    __slots__ = ("missed", "at_most")
    MISSED_FIELD_NUMBER: _ClassVar[int]
    AT_MOST_FIELD_NUMBER: _ClassVar[int]
    missed: float
    at_most: bool
    def __init__(self, missed: _Optional[float] = ..., at_most: _Optional[bool] = ...) -> None: ...
