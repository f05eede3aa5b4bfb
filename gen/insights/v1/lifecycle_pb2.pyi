import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LifecycleResult(_message.Message):
    __slots__ = ("buckets",)
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    buckets: _containers.RepeatedCompositeFieldContainer[LifecycleBucket]
    def __init__(self, buckets: _Optional[_Iterable[_Union[LifecycleBucket, _Mapping]]] = ...) -> None: ...

class LifecycleBucket(_message.Message):
    __slots__ = ("timestamp", "new_users", "returning", "resurrecting", "dormant", "partial")
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    NEW_USERS_FIELD_NUMBER: _ClassVar[int]
    RETURNING_FIELD_NUMBER: _ClassVar[int]
    RESURRECTING_FIELD_NUMBER: _ClassVar[int]
    DORMANT_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    timestamp: _timestamp_pb2.Timestamp
    new_users: float
    returning: float
    resurrecting: float
    dormant: float
    partial: bool
    def __init__(self, timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., new_users: _Optional[float] = ..., returning: _Optional[float] = ..., resurrecting: _Optional[float] = ..., dormant: _Optional[float] = ..., partial: _Optional[bool] = ...) -> None: ...
