import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from insights.v1 import breakdown_pb2 as _breakdown_pb2
from insights.v1 import event_selector_pb2 as _event_selector_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PathsBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PATHS_BY_UNSPECIFIED: _ClassVar[PathsBy]
    PATHS_BY_SESSIONS: _ClassVar[PathsBy]
    PATHS_BY_USERS: _ClassVar[PathsBy]
PATHS_BY_UNSPECIFIED: PathsBy
PATHS_BY_SESSIONS: PathsBy
PATHS_BY_USERS: PathsBy

class PathsOptions(_message.Message):
    __slots__ = ("start_event", "end_event", "node_property", "by", "gap", "max_steps", "max_nodes", "collapse_repeats")
    START_EVENT_FIELD_NUMBER: _ClassVar[int]
    END_EVENT_FIELD_NUMBER: _ClassVar[int]
    NODE_PROPERTY_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    MAX_STEPS_FIELD_NUMBER: _ClassVar[int]
    MAX_NODES_FIELD_NUMBER: _ClassVar[int]
    COLLAPSE_REPEATS_FIELD_NUMBER: _ClassVar[int]
    start_event: _event_selector_pb2.EventSelector
    end_event: _event_selector_pb2.EventSelector
    node_property: str
    by: PathsBy
    gap: _duration_pb2.Duration
    max_steps: int
    max_nodes: int
    collapse_repeats: bool
    def __init__(self, start_event: _Optional[_Union[_event_selector_pb2.EventSelector, _Mapping]] = ..., end_event: _Optional[_Union[_event_selector_pb2.EventSelector, _Mapping]] = ..., node_property: _Optional[str] = ..., by: _Optional[_Union[PathsBy, str]] = ..., gap: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., max_steps: _Optional[int] = ..., max_nodes: _Optional[int] = ..., collapse_repeats: _Optional[bool] = ...) -> None: ...

class PathsResult(_message.Message):
    __slots__ = ("total", "nodes", "links")
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    total: float
    nodes: _containers.RepeatedCompositeFieldContainer[PathsNode]
    links: _containers.RepeatedCompositeFieldContainer[PathsLink]
    def __init__(self, total: _Optional[float] = ..., nodes: _Optional[_Iterable[_Union[PathsNode, _Mapping]]] = ..., links: _Optional[_Iterable[_Union[PathsLink, _Mapping]]] = ...) -> None: ...

class PathsNode(_message.Message):
    __slots__ = ("step", "node", "count", "drop_offs", "continues", "ends")
    STEP_FIELD_NUMBER: _ClassVar[int]
    NODE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DROP_OFFS_FIELD_NUMBER: _ClassVar[int]
    CONTINUES_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    step: int
    node: _breakdown_pb2.DimensionValue
    count: float
    drop_offs: float
    continues: float
    ends: float
    def __init__(self, step: _Optional[int] = ..., node: _Optional[_Union[_breakdown_pb2.DimensionValue, _Mapping]] = ..., count: _Optional[float] = ..., drop_offs: _Optional[float] = ..., continues: _Optional[float] = ..., ends: _Optional[float] = ...) -> None: ...

class PathsLink(_message.Message):
    __slots__ = ("step", "source", "target", "count")
    STEP_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    step: int
    source: _breakdown_pb2.DimensionValue
    target: _breakdown_pb2.DimensionValue
    count: float
    def __init__(self, step: _Optional[int] = ..., source: _Optional[_Union[_breakdown_pb2.DimensionValue, _Mapping]] = ..., target: _Optional[_Union[_breakdown_pb2.DimensionValue, _Mapping]] = ..., count: _Optional[float] = ...) -> None: ...
