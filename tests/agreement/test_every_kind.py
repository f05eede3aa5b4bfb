from eventglass.insights.registry import INSIGHTS
from insights.v1.query_spec_pb2 import Visualization
from tests.oracle.answer import SHAPES


def test_every_built_visualization_has_its_oracle() -> None:
    assert {Visualization.Name(each) for each in INSIGHTS} == {Visualization.Name(each) for each in SHAPES}
