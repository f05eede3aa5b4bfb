"""Events that are in the journal and not in the engine yet, in the order in which they were acknowledged."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyarrow as pa

from eventglass.ingest.commit import Fresh

# Of one insert, of many that are together in memory, there as ten times as many bytes.
MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 2**24


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The new events of one commit.

    Args:
        number: counts the entries, from 1.
        fresh: the events.
        table: the same, as they are inserted.
        file: of the journal, where they are.
    """

    number: int
    fresh: Fresh
    table: pa.Table
    file: int


def inserts(tables: Iterable[pa.Table]) -> Iterator[list[pa.Table]]:
    """Put tables into groups, in their order, each no larger than one insert may be, or of one table."""
    group: list[pa.Table] = []
    rows = size = 0
    for table in tables:
        rows, size = rows + table.num_rows, size + table.nbytes
        if group and (rows > MOST_ROWS or size > MOST_BYTES):
            yield group
            group, rows, size = [], table.num_rows, table.nbytes
        group.append(table)
    if group:
        yield group


class Backlog:
    """A queue of entries.

    Attributes:
        last: the number of the newest entry that there was; 0: there was none.
        inserted: the number of the newest entry that is done.
        rows: how many wait.
        bytes: of their tables.
    """

    def __init__(self) -> None:
        self.last = 0
        self.inserted = 0
        self.rows = 0
        self.bytes = 0
        self._entries: deque[Entry] = deque()
        self._hashes: set[bytes] = set()
        # The newest entry of each project that waits.
        self._last_of: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    @property
    def oldest(self) -> Entry | None:
        """What has waited longest."""
        return self._entries[0] if self._entries else None

    def add(self, fresh: Fresh, table: pa.Table, file: int) -> None:
        """Let events wait; see `Entry`."""
        self.last += 1
        self._entries.append(Entry(number=self.last, fresh=fresh, table=table, file=file))
        self.rows += table.num_rows
        self.bytes += table.nbytes
        self._hashes.update(fresh.hashes)
        self._last_of.update(dict.fromkeys(fresh.projects, self.last))

    def among(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Give those of some hashes whose events wait."""
        return self._hashes.intersection(hashes)

    def newest_of(self, project_id: str | None) -> int:
        """Number the newest entry with events of a project, or of all; one that is done: none waits."""
        return self.last if project_id is None else self._last_of.get(project_id, 0)

    def first(self, most: int) -> Sequence[Entry]:
        """Give what has waited longest: at least one entry, at most so many, and what fits one insert."""
        group = next(inserts(entry.table for entry in islice(self._entries, most)), [])
        return [*islice(self._entries, len(group))]

    def remove(self, entry: Entry) -> None:
        """Take out the entry that has waited longest, which is done."""
        self._entries.popleft()
        self.rows -= entry.table.num_rows
        self.bytes -= entry.table.nbytes
        self.inserted = entry.number
        self._hashes.difference_update(entry.fresh.hashes)
        for project_id in set(entry.fresh.projects):
            if self._last_of[project_id] == entry.number:
                del self._last_of[project_id]
