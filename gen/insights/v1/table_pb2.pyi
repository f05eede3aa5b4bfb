from insights.v1 import breakdown_pb2 as _breakdown_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Row(_message.Message):
    __slots__ = ("dimensions", "value", "values")
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    dimensions: _containers.RepeatedCompositeFieldContainer[_breakdown_pb2.DimensionValue]
    value: float
    values: _containers.RepeatedCompositeFieldContainer[RowValue]
    def __init__(self, dimensions: _Optional[_Iterable[_Union[_breakdown_pb2.DimensionValue, _Mapping]]] = ..., value: _Optional[float] = ..., values: _Optional[_Iterable[_Union[RowValue, _Mapping]]] = ...) -> None: ...

class RowValue(_message.Message):
    __slots__ = ("value",)
    VALUE_FIELD_NUMBER: _ClassVar[int]
    value: float
    def __init__(self, value: _Optional[float] = ...) -> None: ...
