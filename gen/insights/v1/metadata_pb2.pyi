import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import time_pb2 as _time_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class QueryMetadata(_message.Message):
    __slots__ = ("query_id", "time_range", "timezone", "granularity", "watermark", "cached", "rows_read", "bytes_read", "elapsed", "statement_hash", "warnings", "truncations")
    QUERY_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    TIMEZONE_FIELD_NUMBER: _ClassVar[int]
    GRANULARITY_FIELD_NUMBER: _ClassVar[int]
    WATERMARK_FIELD_NUMBER: _ClassVar[int]
    CACHED_FIELD_NUMBER: _ClassVar[int]
    ROWS_READ_FIELD_NUMBER: _ClassVar[int]
    BYTES_READ_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_HASH_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATIONS_FIELD_NUMBER: _ClassVar[int]
    query_id: str
    time_range: _time_pb2.TimeRange
    timezone: str
    granularity: _time_pb2.Granularity
    watermark: _timestamp_pb2.Timestamp
    cached: bool
    rows_read: float
    bytes_read: float
    elapsed: _duration_pb2.Duration
    statement_hash: str
    warnings: _containers.RepeatedCompositeFieldContainer[QueryWarning]
    truncations: _containers.RepeatedCompositeFieldContainer[QueryTruncation]
    def __init__(self, query_id: _Optional[str] = ..., time_range: _Optional[_Union[_time_pb2.TimeRange, _Mapping]] = ..., timezone: _Optional[str] = ..., granularity: _Optional[_Union[_time_pb2.Granularity, str]] = ..., watermark: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cached: _Optional[bool] = ..., rows_read: _Optional[float] = ..., bytes_read: _Optional[float] = ..., elapsed: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., statement_hash: _Optional[str] = ..., warnings: _Optional[_Iterable[_Union[QueryWarning, _Mapping]]] = ..., truncations: _Optional[_Iterable[_Union[QueryTruncation, _Mapping]]] = ...) -> None: ...

class QueryWarning(_message.Message):
    __slots__ = ("reason", "field", "message")
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    field: str
    message: str
    def __init__(self, reason: _Optional[str] = ..., field: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class QueryTruncation(_message.Message):
    __slots__ = ("reason", "message", "kept", "total")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    kept: float
    total: float
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., kept: _Optional[float] = ..., total: _Optional[float] = ...) -> None: ...
