"""Values of every type, and questions that read them in every way: all are about the property `plan`."""

from typing import Any

VALUES: list[object] = [
    "pro",
    "pro",
    5,
    "5",
    True,
    "true",
    False,
    ["pro"],
    {"tier": "pro"},
    "",
    None,
    -0.0,
    "[1]",
]
# A group of each way to read a value.
QUESTIONS: list[dict[str, Any]] = [
    {"visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "plan"}},
    {"breakdown": {"property": "plan", "buckets": [0, 5, 10]}},
    {"aggregation": "AGGREGATION_SUM", "aggregationProperty": "plan"},
    {"aggregation": "AGGREGATION_DISTINCT_VALUES", "aggregationProperty": "plan"},
    {"visualization": "VISUALIZATION_PATHS", "paths": {"nodeProperty": "plan", "maxNodes": 20}},
    *(
        {"filters": [{"property": "plan", "operator": f"OPERATOR_{operator}", **asked}]}
        for operator, asked in (
            ("EQUALS", {"value": "pro"}),
            ("EQUALS", {"value": "5"}),
            ("NOT_EQUALS", {"value": True}),
            ("IN", {"value": ["pro", 5]}),
            ("EQUALS", {"value": "PRO", "ignoreCase": True}),
            ("CONTAINS", {"value": "r"}),
            ("MATCHES", {"value": "^[5t]"}),
            ("IS_SET", {}),
            ("IS_FALSE", {}),
            ("GREATER_OR_EQUAL", {"value": 0}),
            ("LESS_THAN", {"value": "q"}),
        )
    ),
]
