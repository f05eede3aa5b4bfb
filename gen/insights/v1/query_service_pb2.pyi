import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from insights.v1 import distribution_pb2 as _distribution_pb2
from insights.v1 import funnel_pb2 as _funnel_pb2
from insights.v1 import heatmap_pb2 as _heatmap_pb2
from insights.v1 import lifecycle_pb2 as _lifecycle_pb2
from insights.v1 import metadata_pb2 as _metadata_pb2
from insights.v1 import paths_pb2 as _paths_pb2
from insights.v1 import query_spec_pb2 as _query_spec_pb2
from insights.v1 import retention_pb2 as _retention_pb2
from insights.v1 import series_pb2 as _series_pb2
from insights.v1 import stickiness_pb2 as _stickiness_pb2
from insights.v1 import table_pb2 as _table_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Cache(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CACHE_UNSPECIFIED: _ClassVar[Cache]
    CACHE_NO_CACHE: _ClassVar[Cache]
CACHE_UNSPECIFIED: Cache
CACHE_NO_CACHE: Cache

class QueryRequest(_message.Message):
    __slots__ = ("query", "cache", "budget")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    CACHE_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    query: _query_spec_pb2.QuerySpec
    cache: Cache
    budget: QueryBudget
    def __init__(self, query: _Optional[_Union[_query_spec_pb2.QuerySpec, _Mapping]] = ..., cache: _Optional[_Union[Cache, str]] = ..., budget: _Optional[_Union[QueryBudget, _Mapping]] = ...) -> None: ...

class QueryBudget(_message.Message):
    __slots__ = ("max_rows_read", "max_time")
    MAX_ROWS_READ_FIELD_NUMBER: _ClassVar[int]
    MAX_TIME_FIELD_NUMBER: _ClassVar[int]
    max_rows_read: float
    max_time: _duration_pb2.Duration
    def __init__(self, max_rows_read: _Optional[float] = ..., max_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class QueryResponse(_message.Message):
    __slots__ = ("series", "kpis", "funnel", "retention", "rows", "next_page_token", "total_rows", "lifecycle", "stickiness", "paths", "heatmap", "distribution", "metadata")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    KPIS_FIELD_NUMBER: _ClassVar[int]
    FUNNEL_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ROWS_FIELD_NUMBER: _ClassVar[int]
    LIFECYCLE_FIELD_NUMBER: _ClassVar[int]
    STICKINESS_FIELD_NUMBER: _ClassVar[int]
    PATHS_FIELD_NUMBER: _ClassVar[int]
    HEATMAP_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    series: _containers.RepeatedCompositeFieldContainer[_series_pb2.SeriesPoint]
    kpis: _containers.RepeatedCompositeFieldContainer[_series_pb2.Kpi]
    funnel: _funnel_pb2.FunnelResult
    retention: _retention_pb2.RetentionResult
    rows: _containers.RepeatedCompositeFieldContainer[_table_pb2.Row]
    next_page_token: str
    total_rows: float
    lifecycle: _lifecycle_pb2.LifecycleResult
    stickiness: _stickiness_pb2.StickinessResult
    paths: _paths_pb2.PathsResult
    heatmap: _heatmap_pb2.HeatmapResult
    distribution: _distribution_pb2.DistributionResult
    metadata: _metadata_pb2.QueryMetadata
    def __init__(self, series: _Optional[_Iterable[_Union[_series_pb2.SeriesPoint, _Mapping]]] = ..., kpis: _Optional[_Iterable[_Union[_series_pb2.Kpi, _Mapping]]] = ..., funnel: _Optional[_Union[_funnel_pb2.FunnelResult, _Mapping]] = ..., retention: _Optional[_Union[_retention_pb2.RetentionResult, _Mapping]] = ..., rows: _Optional[_Iterable[_Union[_table_pb2.Row, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_rows: _Optional[float] = ..., lifecycle: _Optional[_Union[_lifecycle_pb2.LifecycleResult, _Mapping]] = ..., stickiness: _Optional[_Union[_stickiness_pb2.StickinessResult, _Mapping]] = ..., paths: _Optional[_Union[_paths_pb2.PathsResult, _Mapping]] = ..., heatmap: _Optional[_Union[_heatmap_pb2.HeatmapResult, _Mapping]] = ..., distribution: _Optional[_Union[_distribution_pb2.DistributionResult, _Mapping]] = ..., metadata: _Optional[_Union[_metadata_pb2.QueryMetadata, _Mapping]] = ...) -> None: ...
