from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Breakdown(_message.Message):
    __slots__ = ("property", "then_by", "limit", "hide_other", "buckets")
    PROPERTY_FIELD_NUMBER: _ClassVar[int]
    THEN_BY_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    HIDE_OTHER_FIELD_NUMBER: _ClassVar[int]
    BUCKETS_FIELD_NUMBER: _ClassVar[int]
    property: str
    then_by: _containers.RepeatedScalarFieldContainer[str]
    limit: int
    hide_other: bool
    buckets: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, property: _Optional[str] = ..., then_by: _Optional[_Iterable[str]] = ..., limit: _Optional[int] = ..., hide_other: _Optional[bool] = ..., buckets: _Optional[_Iterable[float]] = ...) -> None: ...

class DimensionValue(_message.Message):
    __slots__ = ("text", "number", "boolean", "is_missing", "is_other", "range")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    BOOLEAN_FIELD_NUMBER: _ClassVar[int]
    IS_MISSING_FIELD_NUMBER: _ClassVar[int]
    IS_OTHER_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    text: str
    number: float
    boolean: bool
    is_missing: bool
    is_other: bool
    range: NumberRange
    def __init__(self, text: _Optional[str] = ..., number: _Optional[float] = ..., boolean: _Optional[bool] = ..., is_missing: _Optional[bool] = ..., is_other: _Optional[bool] = ..., range: _Optional[_Union[NumberRange, _Mapping]] = ...) -> None: ...

class NumberRange(_message.Message):
    __slots__ = ("to",)
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    to: float
    def __init__(self, to: _Optional[float] = ..., **kwargs) -> None: ...
