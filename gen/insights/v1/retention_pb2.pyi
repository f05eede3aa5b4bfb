import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from insights.v1 import breakdown_pb2 as _breakdown_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RetentionCohort(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETENTION_COHORT_UNSPECIFIED: _ClassVar[RetentionCohort]
    RETENTION_COHORT_FIRST_EVER: _ClassVar[RetentionCohort]
    RETENTION_COHORT_FIRST_IN_RANGE: _ClassVar[RetentionCohort]
    RETENTION_COHORT_RECURRING: _ClassVar[RetentionCohort]

class RetentionReturning(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETENTION_RETURNING_UNSPECIFIED: _ClassVar[RetentionReturning]
    RETENTION_RETURNING_ON: _ClassVar[RetentionReturning]
    RETENTION_RETURNING_ON_OR_AFTER: _ClassVar[RetentionReturning]
RETENTION_COHORT_UNSPECIFIED: RetentionCohort
RETENTION_COHORT_FIRST_EVER: RetentionCohort
RETENTION_COHORT_FIRST_IN_RANGE: RetentionCohort
RETENTION_COHORT_RECURRING: RetentionCohort
RETENTION_RETURNING_UNSPECIFIED: RetentionReturning
RETENTION_RETURNING_ON: RetentionReturning
RETENTION_RETURNING_ON_OR_AFTER: RetentionReturning

class RetentionOptions(_message.Message):
    __slots__ = ("cohort", "returning", "rolling", "periods")
    COHORT_FIELD_NUMBER: _ClassVar[int]
    RETURNING_FIELD_NUMBER: _ClassVar[int]
    ROLLING_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    cohort: RetentionCohort
    returning: RetentionReturning
    rolling: bool
    periods: int
    def __init__(self, cohort: _Optional[_Union[RetentionCohort, str]] = ..., returning: _Optional[_Union[RetentionReturning, str]] = ..., rolling: _Optional[bool] = ..., periods: _Optional[int] = ...) -> None: ...

class RetentionResult(_message.Message):
    __slots__ = ("cohorts", "average_rates", "breakdowns")
    COHORTS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_RATES_FIELD_NUMBER: _ClassVar[int]
    BREAKDOWNS_FIELD_NUMBER: _ClassVar[int]
    cohorts: _containers.RepeatedCompositeFieldContainer[Cohort]
    average_rates: _containers.RepeatedCompositeFieldContainer[AverageRate]
    breakdowns: _containers.RepeatedCompositeFieldContainer[RetentionBreakdown]
    def __init__(self, cohorts: _Optional[_Iterable[_Union[Cohort, _Mapping]]] = ..., average_rates: _Optional[_Iterable[_Union[AverageRate, _Mapping]]] = ..., breakdowns: _Optional[_Iterable[_Union[RetentionBreakdown, _Mapping]]] = ...) -> None: ...

class Cohort(_message.Message):
    __slots__ = ("cohort_date", "size", "periods")
    COHORT_DATE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    cohort_date: _timestamp_pb2.Timestamp
    size: float
    periods: _containers.RepeatedCompositeFieldContainer[RetentionPeriod]
    def __init__(self, cohort_date: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., size: _Optional[float] = ..., periods: _Optional[_Iterable[_Union[RetentionPeriod, _Mapping]]] = ...) -> None: ...

class RetentionPeriod(_message.Message):
    __slots__ = ("period", "count", "rate", "partial")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    period: int
    count: float
    rate: float
    partial: bool
    def __init__(self, period: _Optional[int] = ..., count: _Optional[float] = ..., rate: _Optional[float] = ..., partial: _Optional[bool] = ...) -> None: ...

class AverageRate(_message.Message):
    __slots__ = ("period", "rate", "size")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    period: int
    rate: float
    size: float
    def __init__(self, period: _Optional[int] = ..., rate: _Optional[float] = ..., size: _Optional[float] = ...) -> None: ...

class RetentionBreakdown(_message.Message):
    __slots__ = ("dimensions", "cohorts", "average_rates")
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    COHORTS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_RATES_FIELD_NUMBER: _ClassVar[int]
    dimensions: _containers.RepeatedCompositeFieldContainer[_breakdown_pb2.DimensionValue]
    cohorts: _containers.RepeatedCompositeFieldContainer[Cohort]
    average_rates: _containers.RepeatedCompositeFieldContainer[AverageRate]
    def __init__(self, dimensions: _Optional[_Iterable[_Union[_breakdown_pb2.DimensionValue, _Mapping]]] = ..., cohorts: _Optional[_Iterable[_Union[Cohort, _Mapping]]] = ..., average_rates: _Optional[_Iterable[_Union[AverageRate, _Mapping]]] = ...) -> None: ...
