import datetime

from events.v1 import stored_event_pb2 as _stored_event_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import filter_pb2 as _filter_pb2
from insights.v1 import time_pb2 as _time_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LIST_ORDER_UNSPECIFIED: _ClassVar[ListOrder]
    LIST_ORDER_NEWEST_FIRST: _ClassVar[ListOrder]
    LIST_ORDER_OLDEST_FIRST: _ClassVar[ListOrder]
LIST_ORDER_UNSPECIFIED: ListOrder
LIST_ORDER_NEWEST_FIRST: ListOrder
LIST_ORDER_OLDEST_FIRST: ListOrder

class ListRequest(_message.Message):
    __slots__ = ("time_range", "names", "filters", "where", "timezone", "arrived_after", "order", "page_size", "page_token")
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    ARRIVED_AFTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    time_range: _time_pb2.TimeRange
    names: _containers.RepeatedScalarFieldContainer[str]
    filters: _containers.RepeatedCompositeFieldContainer[_filter_pb2.Filter]
    where: _filter_pb2.FilterExpression
    timezone: str
    arrived_after: _timestamp_pb2.Timestamp
    order: ListOrder
    page_size: int
    page_token: str
    def __init__(self, time_range: _Optional[_Union[_time_pb2.TimeRange, _Mapping]] = ..., names: _Optional[_Iterable[str]] = ..., filters: _Optional[_Iterable[_Union[_filter_pb2.Filter, _Mapping]]] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ..., timezone: _Optional[str] = ..., arrived_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., order: _Optional[_Union[ListOrder, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListResponse(_message.Message):
    __slots__ = ("events", "next_page_token", "watermark")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    WATERMARK_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_stored_event_pb2.StoredEvent]
    next_page_token: str
    watermark: _timestamp_pb2.Timestamp
    def __init__(self, events: _Optional[_Iterable[_Union[_stored_event_pb2.StoredEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., watermark: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
