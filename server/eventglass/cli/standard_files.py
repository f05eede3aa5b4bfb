"""Standard input, output and error: there are always some, though a program may be started without."""

import os
import sys
from typing import Final

_STANDARD: Final = 2


def open_missing() -> None:
    """Have something behind the numbers 0 to 2.

    Else the next files and connections get them. uvloop ends the process that closes such a connection, and
    what any library writes to standard error would go into a file of a table.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STANDARD:
        pass
    os.close(number)
    # Python's own are None where there was nothing.
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115 - as long as the process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115
