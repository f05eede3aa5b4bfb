"""The `eventglass` command as a process of its own, and a demo server that tests can paste commands at."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop" / "events.csv.gz"
CDNOW = ROOT / "examples" / "cdnow" / "purchases.txt.gz"
SHOP_COLUMNS = ("--name-column", "event", "--user-id", "user_id", "--session-id", "session_id")
CDNOW_COLUMNS = ("--name", "purchase", "--timestamp", "date", "--user-id", "customer_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a process left."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """This process's environment without settings, on free ports; tools of the same installation first."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("EVENTGLASS_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{plain.get('PATH', '')}"
    free = {"EVENTGLASS_HTTP_PORT": "0", "EVENTGLASS_GRPC_PORT": "0"}
    return {**plain, "PATH": path, "NO_COLOR": "1", "COLUMNS": "120", **free, **more}


def eventglass(*arguments: str | Path, stdin: str = "", env: Mapping[str, str] | None = None) -> Finished:
    """Run one command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "eventglass.cli.main", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(**(env or {})),
        timeout=PATIENCE,
        check=False,
    )
    return Finished(code=done.returncode, out=done.stdout, err=done.stderr)


def shell(script: str, *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Finished:
    """Run a script as if it had been pasted into bash."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(**(env or {})),
        timeout=PATIENCE,
        check=False,
    )
    return Finished(code=done.returncode, out=done.stdout, err=done.stderr)


@dataclass(slots=True, kw_only=True)
class Serving:
    """A demo server that is ready.

    Args:
        process: itself.
        data_dir: what it serves.
        welcome: all it has printed until it was ready.
    """

    process: "subprocess.Popen[str]"
    data_dir: Path
    welcome: str

    @property
    def url(self) -> str:
        return self._found(r"on (http://\S+),")

    @property
    def grpc(self) -> str:
        return "127.0.0.1:" + self._found(r"gRPC on port (\d+)")

    @property
    def key(self) -> str:
        return self._found(r"Bearer (eg_[\w-]+)")

    def commands(self) -> dict[str, str]:
        """The commands to paste, by the first word of their titles."""
        blocks = re.split(r"^# ", self.welcome, flags=re.MULTILINE)[1:]
        return {block.split()[0]: block.partition("\n")[2].strip() for block in blocks}

    def stop(self) -> int:
        """Ask it to stop, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def _found(self, pattern: str) -> str:
        found = re.search(pattern, self.welcome)
        assert found, self.welcome
        return found[1]


@contextmanager
def serving_demo(data_dir: Path) -> Iterator[Serving]:
    """Run `eventglass serve --demo` within the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "eventglass.cli.main", "serve", "--demo", "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    # Its log must not fill the pipe; a server that hangs must not hang the tests.
    log: list[str] = []
    reading = threading.Thread(target=lambda: log.extend(process.stderr or ()), daemon=True)
    reading.start()
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        lines = []
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if line == "END\n":
                break
        else:
            raise AssertionError(f"the server did not start:\n{''.join(lines)}{''.join(log)}")
        watchdog.cancel()
        yield Serving(process=process, data_dir=data_dir, welcome="".join(lines))
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)
        reading.join(PATIENCE)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
