import datetime

from audiences.v1 import audience_pb2 as _audience_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import filter_pb2 as _filter_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateRequest(_message.Message):
    __slots__ = ("name", "description", "where")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    where: _filter_pb2.FilterExpression
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ...) -> None: ...

class CreateResponse(_message.Message):
    __slots__ = ("audience",)
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    audience: _audience_pb2.Audience
    def __init__(self, audience: _Optional[_Union[_audience_pb2.Audience, _Mapping]] = ...) -> None: ...

class GetRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetResponse(_message.Message):
    __slots__ = ("audience",)
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    audience: _audience_pb2.Audience
    def __init__(self, audience: _Optional[_Union[_audience_pb2.Audience, _Mapping]] = ...) -> None: ...

class ListRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListResponse(_message.Message):
    __slots__ = ("audiences", "next_page_token")
    AUDIENCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    audiences: _containers.RepeatedCompositeFieldContainer[_audience_pb2.Audience]
    next_page_token: str
    def __init__(self, audiences: _Optional[_Iterable[_Union[_audience_pb2.Audience, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateRequest(_message.Message):
    __slots__ = ("id", "name", "description", "where")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    where: _filter_pb2.FilterExpression
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ...) -> None: ...

class UpdateResponse(_message.Message):
    __slots__ = ("audience",)
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    audience: _audience_pb2.Audience
    def __init__(self, audience: _Optional[_Union[_audience_pb2.Audience, _Mapping]] = ...) -> None: ...

class DeleteRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class DeleteResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class EstimateSizeRequest(_message.Message):
    __slots__ = ("id", "where")
    ID_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    id: str
    where: _filter_pb2.FilterExpression
    def __init__(self, id: _Optional[str] = ..., where: _Optional[_Union[_filter_pb2.FilterExpression, _Mapping]] = ...) -> None: ...

class EstimateSizeResponse(_message.Message):
    __slots__ = ("size", "total", "as_of")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    size: float
    total: float
    as_of: _timestamp_pb2.Timestamp
    def __init__(self, size: _Optional[float] = ..., total: _Optional[float] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
