"""A project: the tenant that events belong to."""

import enum
from dataclasses import dataclass


class WeekStart(enum.Enum):
    """The day on which a project's weeks begin."""

    MONDAY = "monday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project.

    Args:
        id: what callers send as `x-project-id`.
        name: for people.
        timezone: the IANA zone of specs that name none.
        week_start: the day on which its weeks begin.
    """

    id: str
    name: str = ""
    timezone: str = "UTC"
    week_start: WeekStart = WeekStart.MONDAY


class Access(enum.Enum):
    """What a key may do: ask and list, send events, watch new ones, erase persons, or manage what is kept."""

    READ = "read"
    WRITE = "write"
    STREAM = "stream"
    ERASE = "erase"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a credential allows: some access to one project."""

    project: Project
    access: frozenset[Access]

    def allows_one_of(self, wanted: frozenset[Access]) -> bool:
        """Tell whether it includes some access. Who may read and write may erase and manage, too."""
        both = {Access.READ, Access.WRITE} <= self.access
        return bool(wanted & (self.access | {Access.ERASE, Access.MANAGE} if both else self.access))
