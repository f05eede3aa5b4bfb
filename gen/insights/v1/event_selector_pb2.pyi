import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from insights.v1 import aggregation_pb2 as _aggregation_pb2
from insights.v1 import filter_pb2 as _filter_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EventSelector(_message.Message):
    __slots__ = ("name", "filters", "where", "label", "aggregation", "aggregation_property", "within", "optional", "first_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    AGGREGATION_FIELD_NUMBER: _ClassVar[int]
    AGGREGATION_PROPERTY_FIELD_NUMBER: _ClassVar[int]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    FIRST_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    filters: _containers.RepeatedCompositeFieldContainer[_filter_pb2.Filter]
    where: _filter_pb2.FilterExpression
    label: str
    aggregation: _aggregation_pb2.Aggregation
    aggregation_property: str
    within: _duration_pb2.Duration
    optional: bool
    first_time: bool
    def __init__(self, name: _Optional[str] = ..., filters: _Optional[_Iterable[_Union[_filter_pb2.Filter, _Mapping]]] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ..., label: _Optional[str] = ..., aggregation: _Optional[_Union[_aggregation_pb2.Aggregation, str]] = ..., aggregation_property: _Optional[str] = ..., within: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., optional: _Optional[bool] = ..., first_time: _Optional[bool] = ...) -> None: ...
