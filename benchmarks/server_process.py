"""A server as a process of its own, for benchmarks and campaigns: started, measured and killed."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = "bench"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True, kw_only=True)
class ServerProcess:
    """A server that answers.

    Args:
        process: itself.
        grpc: where it listens for gRPC.
        url: where it listens for HTTP.
        seconds: from its start until it was ready.
    """

    process: "subprocess.Popen[str]"
    grpc: str
    url: str
    seconds: float

    def cpu_seconds(self) -> float:
        """Tell the processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mib(self) -> float:
        """Tell the memory it has resident."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20

    def forget_peak(self) -> None:
        """Begin to look for the most memory anew."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def peak_mib(self) -> float:
        """Tell the most memory it has had resident since it started, or since the peak was forgotten."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        if found is None:
            raise RuntimeError("the system does not tell the peak of a process")
        return int(found[1]) / 2**10

    def kill(self) -> None:
        """End it at once, as far as the process is concerned like a power switch."""
        self.process.send_signal(signal.SIGKILL)
        self._wait()

    def stop(self) -> int:
        """Ask it to stop, and give its exit code."""
        self.process.terminate()
        return self._wait()

    def _wait(self) -> int:
        code = self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def start(data_dir: Path, *, log: Path, settings: Mapping[str, str] | None = None) -> ServerProcess:
    """Start a server on free ports, unless told others, and wait until it is ready."""
    began = time.monotonic()
    free = {"EVENTGLASS_HTTP_PORT": "0", "EVENTGLASS_GRPC_PORT": "0"}
    with log.open("a") as errors:
        process = subprocess.Popen(
            _command("serve", "--data-dir", str(data_dir)),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=_environment() | free | dict(settings or {}),
        )
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.search(r"on (http://\S+), gRPC on port (\d+)", said)
    if found is None:
        raise RuntimeError(f"the server did not start: {said}{log.read_text()[-2_000:]}")
    return ServerProcess(
        process=process,
        grpc=f"127.0.0.1:{found[2]}",
        url=found[1],
        seconds=time.monotonic() - began,
    )


def make_project(data_dir: Path) -> str:
    """Make the project PROJECT with a key for everything, and give the key's secret."""
    _run("project", "create", PROJECT, "--data-dir", str(data_dir))
    return make_key(data_dir, PROJECT)


def make_key(data_dir: Path, project_id: str) -> str:
    """Make a key for everything of a project, and give its secret."""
    made = _run("key", "create", project_id, "--data-dir", str(data_dir))
    found = re.search(r"eg_[\w-]+", made)
    if found is None:
        raise RuntimeError(f"no key: {made}")
    return found[0]


def _run(*words: str) -> str:
    done = subprocess.run(_command(*words), check=True, env=_environment(), capture_output=True, text=True)
    return done.stdout


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "eventglass.cli.main", *words]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EVENTGLASS_")}
