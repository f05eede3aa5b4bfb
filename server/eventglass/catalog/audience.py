"""An audience: a named choice of a project's people."""

from dataclasses import dataclass
from datetime import datetime

from insights.v1.filter_pb2 import FilterExpression


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """An audience, as the catalog keeps it.

    Args:
        id: what queries name it by.
        name: for people; different from all others of its project.
        description: for people.
        where: who is in it; valid.
        created_at: aware.
        updated_at: likewise.
    """

    id: str
    name: str
    description: str
    where: FilterExpression
    created_at: datetime
    updated_at: datetime
