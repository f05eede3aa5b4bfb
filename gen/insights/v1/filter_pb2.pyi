import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Operator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATOR_UNSPECIFIED: _ClassVar[Operator]
    OPERATOR_EQUALS: _ClassVar[Operator]
    OPERATOR_NOT_EQUALS: _ClassVar[Operator]
    OPERATOR_IN: _ClassVar[Operator]
    OPERATOR_NOT_IN: _ClassVar[Operator]
    OPERATOR_CONTAINS: _ClassVar[Operator]
    OPERATOR_NOT_CONTAINS: _ClassVar[Operator]
    OPERATOR_STARTS_WITH: _ClassVar[Operator]
    OPERATOR_ENDS_WITH: _ClassVar[Operator]
    OPERATOR_MATCHES: _ClassVar[Operator]
    OPERATOR_NOT_MATCHES: _ClassVar[Operator]
    OPERATOR_GREATER_THAN: _ClassVar[Operator]
    OPERATOR_GREATER_OR_EQUAL: _ClassVar[Operator]
    OPERATOR_LESS_THAN: _ClassVar[Operator]
    OPERATOR_LESS_OR_EQUAL: _ClassVar[Operator]
    OPERATOR_BETWEEN: _ClassVar[Operator]
    OPERATOR_NOT_BETWEEN: _ClassVar[Operator]
    OPERATOR_IS_SET: _ClassVar[Operator]
    OPERATOR_IS_NOT_SET: _ClassVar[Operator]
    OPERATOR_IS_TRUE: _ClassVar[Operator]
    OPERATOR_IS_FALSE: _ClassVar[Operator]
    OPERATOR_BEFORE: _ClassVar[Operator]
    OPERATOR_AFTER: _ClassVar[Operator]
OPERATOR_UNSPECIFIED: Operator
OPERATOR_EQUALS: Operator
OPERATOR_NOT_EQUALS: Operator
OPERATOR_IN: Operator
OPERATOR_NOT_IN: Operator
OPERATOR_CONTAINS: Operator
OPERATOR_NOT_CONTAINS: Operator
OPERATOR_STARTS_WITH: Operator
OPERATOR_ENDS_WITH: Operator
OPERATOR_MATCHES: Operator
OPERATOR_NOT_MATCHES: Operator
OPERATOR_GREATER_THAN: Operator
OPERATOR_GREATER_OR_EQUAL: Operator
OPERATOR_LESS_THAN: Operator
OPERATOR_LESS_OR_EQUAL: Operator
OPERATOR_BETWEEN: Operator
OPERATOR_NOT_BETWEEN: Operator
OPERATOR_IS_SET: Operator
OPERATOR_IS_NOT_SET: Operator
OPERATOR_IS_TRUE: Operator
OPERATOR_IS_FALSE: Operator
OPERATOR_BEFORE: Operator
OPERATOR_AFTER: Operator

class Filter(_message.Message):
    __slots__ = ("property", "operator", "value", "ignore_case")
    PROPERTY_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    IGNORE_CASE_FIELD_NUMBER: _ClassVar[int]
    property: str
    operator: Operator
    value: _struct_pb2.Value
    ignore_case: bool
    def __init__(self, property: _Optional[str] = ..., operator: _Optional[_Union[Operator, str]] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., ignore_case: _Optional[bool] = ...) -> None: ...

class FilterExpression(_message.Message):
    __slots__ = ("filter", "all_of", "any_of", "did")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ALL_OF_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    NOT_FIELD_NUMBER: _ClassVar[int]
    DID_FIELD_NUMBER: _ClassVar[int]
    filter: Filter
    all_of: FilterGroup
    any_of: FilterGroup
    did: Behavior
    def __init__(self, filter: _Optional[_Union[Filter, _Mapping]] = ..., all_of: _Optional[_Union[FilterGroup, _Mapping]] = ..., any_of: _Optional[_Union[FilterGroup, _Mapping]] = ..., did: _Optional[_Union[Behavior, _Mapping]] = ..., **kwargs) -> None: ...

class Behavior(_message.Message):
    __slots__ = ("name", "filters", "where", "first_time", "at_least", "within")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    FIRST_TIME_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    name: str
    filters: _containers.RepeatedCompositeFieldContainer[Filter]
    where: FilterExpression
    first_time: bool
    at_least: int
    within: _duration_pb2.Duration
    def __init__(self, name: _Optional[str] = ..., filters: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ..., where: _Optional[_Union[FilterExpression, _Mapping]] = ..., first_time: _Optional[bool] = ..., at_least: _Optional[int] = ..., within: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class FilterGroup(_message.Message):
    __slots__ = ("expressions",)
    EXPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    expressions: _containers.RepeatedCompositeFieldContainer[FilterExpression]
    def __init__(self, expressions: _Optional[_Iterable[_Union[FilterExpression, _Mapping]]] = ...) -> None: ...
