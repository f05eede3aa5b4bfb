from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HeatmapResult(_message.Message):
    __slots__ = ("cells", "peak")
    CELLS_FIELD_NUMBER: _ClassVar[int]
    PEAK_FIELD_NUMBER: _ClassVar[int]
    cells: _containers.RepeatedCompositeFieldContainer[HeatmapCell]
    peak: HeatmapCell
    def __init__(self, cells: _Optional[_Iterable[_Union[HeatmapCell, _Mapping]]] = ..., peak: _Optional[_Union[HeatmapCell, _Mapping]] = ...) -> None: ...

class HeatmapCell(_message.Message):
    __slots__ = ("weekday", "hour", "value", "hours_in_range")
    WEEKDAY_FIELD_NUMBER: _ClassVar[int]
    HOUR_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    HOURS_IN_RANGE_FIELD_NUMBER: _ClassVar[int]
    weekday: int
    hour: int
    value: float
    hours_in_range: float
    def __init__(self, weekday: _Optional[int] = ..., hour: _Optional[int] = ..., value: _Optional[float] = ..., hours_in_range: _Optional[float] = ...) -> None: ...
