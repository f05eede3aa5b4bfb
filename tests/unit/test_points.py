"""Points that are written as bytes are those that messages would have been."""

from itertools import product

import pytest

from eventglass.insights.points import Bucket, Line, beginning, response_of
from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.series_pb2 import SeriesPoint


@pytest.mark.parametrize(
    "label", ["", "sign_up", "ä" * 100, "x" * 70_000], ids=["none", "short", "long", "huge"]
)
@pytest.mark.parametrize("dimensions", [[], [DimensionValue(text="DE")], [DimensionValue(is_other=True)] * 2])
def test_a_point_is_its_line_its_bucket_and_its_value(label: str, dimensions: list[DimensionValue]) -> None:
    numbers = {(0, 0): 3.0, (0, 86_400_000): 0.0, (1, -1): None}
    lines = [SeriesPoint(event=label, series_index=place, dimensions=dimensions) for place in range(2)]
    buckets = [
        Bucket(comparison, begin, beginning(begin, index * 100))
        for index, (comparison, begin) in enumerate(numbers)
    ]

    response = response_of(
        [Line(shared=each, number=lambda comparison, begin: numbers[comparison, begin]) for each in lines],
        buckets,
    )

    expected = QueryResponse()
    for line, (index, (comparison, begin)) in product(lines, enumerate(numbers)):
        point = expected.series.add(value=numbers[comparison, begin], aligned_index=index * 100)
        point.timestamp.FromMilliseconds(begin)
        point.MergeFrom(line)
    assert response == expected
    assert [each.HasField("value") for each in response.series] == [True, True, False] * 2


def test_an_answer_without_lines_has_no_points() -> None:
    assert response_of([], []) == QueryResponse()
