"""Looks for what a power loss would take: anything of an acknowledged batch that is not on disk yet.

    python -m benchmarks.power_loss [batches]

A process stores batches and says so after each, under strace (Linux; `apt install strace`), with a journal
and without one. From the order of its system calls follows what the system may still hold in memory alone
when a batch is acknowledged: files that were written after they were last synced, and names in folders that
were not synced after they were made. With a journal nothing of the sort may be left in that, nor, when a
file of it is deleted, in a part that an insert has made; without one, in no such part at any time, nor on the
way to it. Parts of hashes, which are written beside acknowledgements, only count at the end, when the process
says that all of them are stored; which ones a loss has taken, the next start finds out. A folder's sync
is taken at its word, and so is a disk that says it has written.
"""

import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_CALLS: Final = "openat,mkdir,rename,renameat,renameat2,unlink,rmdir,fsync,fdatasync,write,pwrite64,writev"
_ACKNOWLEDGED: Final = "stored"
_CLOSED: Final = "stored all hashes"

_WRITER: Final = """
    import asyncio, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from events.v1.event_pb2 import Event
    from eventglass.engine.embedded import open_embedded
    from eventglass.ingest import journal
    from eventglass.ingest.writer import open_writer

    async def main() -> None:
        journal._FULL_BYTES = 1_000  # so that files of it are deleted on the way
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine, journal.Journal(Path(sys.argv[3])) if sys.argv[3:] else None)
        for number in range(int(sys.argv[2])):
            events = [Event(name="x", event_id=f"{number}-{index}") for index in range(3)]
            for index, event in enumerate(events):
                event.timestamp.seconds = index * 10_000_000  # of many months, so of many parts
            await writer.write("p", events, now=datetime.now(UTC), sent_at=None)
            print("stored", number, flush=True)
        await writer.close()
        print("stored all hashes", flush=True)
        await engine.close()

    asyncio.run(main())
"""

# strace's lines: a call with its result, one that another thread interrupts, and the rest of that.
_WHOLE: Final = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_BEGUN: Final = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_RESUMED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)")
_OPEN_FILE: Final = re.compile(r"\d+<([^>]*)>")
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
# A part that an insert has made, as in 202605_7_7_0; what merges make may be lost, for its sources stay until
# that is on disk. Then they are renamed, to be deleted.
_OF_INSERT: Final = re.compile(r"/(?!delete_tmp_)\w+_(\d+)_\1_0(/|$)")
# A file of the journal, or the folder of them.
_OF_JOURNAL: Final = re.compile(r"/journal(/|$)")
# Of parts the ones of `event_hashes`: the other tables that are written to here have partitions.
_OF_HASHES: Final = re.compile(r"/(tmp_insert_)?all_\d+_\d+_0(/|$)")


@dataclass(slots=True)
class _Memory:
    """What the system may hold in memory alone: content of files, and names of folders' entries.

    Above are the folders that lead to parts which inserts have made.
    """

    folder: str
    content: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)

    def take(self, call: str, arguments: str) -> None:
        """Follow one call that was done."""
        path = self._path(call, arguments)
        if not path.startswith(self.folder):
            return
        match call:
            case "openat" if "O_CREAT" in arguments:
                self.names.add(path)
                self.content.add(path)
            case "mkdir":
                self.names.add(path)
            case "write" | "pwrite64" | "writev":
                self.content.add(path)
            case "fsync" | "fdatasync":
                self.content.discard(path)
                self.names = {name for name in self.names if str(Path(name).parent) != path}
            case "unlink" | "rmdir":
                self.content.discard(path)
                self.names.discard(path)
            case "rename" | "renameat" | "renameat2":
                self._rename(path, _texts(arguments)[1].rstrip("/"))

    def left_of_journal(self) -> Iterator[str]:
        """Name what of the journal is not on disk."""
        return (path for path in sorted(self.names | self.content) if _OF_JOURNAL.search(path))

    def left(self, *, with_hashes: bool) -> Iterator[str]:
        """Name what of inserted parts, and of the folders above them, is not on disk."""
        for path in sorted(self.names | self.content):
            if _OF_HASHES.search(path) and not with_hashes:
                continue
            if _OF_INSERT.search(path) or path in self.above:
                yield path

    def _path(self, call: str, arguments: str) -> str:
        if call in {"write", "pwrite64", "writev", "fsync", "fdatasync"}:
            found = _OPEN_FILE.match(arguments)
            return found[1].rstrip("/") if found else ""
        texts = _texts(arguments)
        return texts[0].rstrip("/") if texts else ""

    def _rename(self, old: str, new: str) -> None:
        def moved(path: str) -> str:
            return new + path[len(old) :] if path == old or path.startswith(f"{old}/") else path

        self.content = {moved(path) for path in self.content}
        self.names = {moved(path) for path in self.names} | {new}
        if _OF_INSERT.search(new):
            self.above |= set(map(str, Path(new).parents))


def _texts(arguments: str) -> list[str]:
    return [found[1] for found in _TEXT.finditer(arguments)]


def undurable(trace: Iterable[str], folder: Path, *, journaled: bool = False) -> list[list[str]]:
    """Give, for each acknowledgement in a trace, what was not on disk when it had to be."""
    memory, found = _Memory(str(folder)), list[list[str]]()
    # When a file of the journal was deleted.
    before: list[str] = []
    for call, arguments, result in _calls(trace):
        if call == "write" and arguments.startswith("1<") and f'"{_ACKNOWLEDGED}' in arguments:
            closed = f'"{_CLOSED}' in arguments
            of_parts = memory.left(with_hashes=closed) if closed or not journaled else ()
            found.append([*before, *memory.left_of_journal(), *of_parts])
            before = []
        elif result >= 0:
            if call == "unlink" and _OF_JOURNAL.search(arguments):
                before += memory.left(with_hashes=False)
            memory.take(call, arguments)
    return found


def _calls(trace: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Read the calls of a trace with their arguments and results, in the order in which they ended."""
    begun = dict[str, str]()
    for line in trace:
        if whole := _WHOLE.match(line):
            _, call, arguments, result = whole.groups()
        elif unfinished := _BEGUN.match(line):
            begun[unfinished[1]] = unfinished[3]
            continue
        elif resumed := _RESUMED.match(line):
            thread, call, rest, result = resumed.groups()
            arguments = begun.pop(thread, "") + rest
        else:
            continue
        yield call, arguments, int(result)


def campaign(folder: Path, batches: int, *, journaled: bool) -> list[list[str]]:
    """Store batches under strace, and give what was not on disk at each acknowledgement, and at the end."""
    trace, data_dir = folder / "trace", folder / "data"
    traced = ["strace", "-f", "-y", "-s", "4096", "-o", str(trace), "-e", f"trace={_CALLS}"]
    program = [sys.executable, "-c", textwrap.dedent(_WRITER), str(data_dir), str(batches)]
    program += [str(data_dir / "journal")] * journaled
    subprocess.run([*traced, *program], check=True, stdout=subprocess.PIPE)
    with trace.open(errors="replace") as lines:
        return undurable(lines, folder, journaled=journaled)


def main() -> None:
    """Print what the campaigns found; exit with 1 if something was acknowledged before it was on disk."""
    batches = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    good = [_is_good(batches, journaled=journaled) for journaled in (False, True)]
    sys.exit(0 if all(good) else 1)


def _is_good(batches: int, *, journaled: bool) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        found = campaign(Path(folder).resolve(), batches, journaled=journaled)
    for number, left in enumerate(found):
        for path in left:
            print(f"batch {number} was acknowledged before {path} was on disk")
    early = sum(map(bool, found))
    way = "with" if journaled else "without"
    print(f"{way} a journal: {len(found) - 1} acknowledgements and the end, {early} of them too early")
    return not early and len(found) == batches + 1


if __name__ == "__main__":
    main()
