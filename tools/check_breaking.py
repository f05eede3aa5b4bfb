"""Prove that proto/ breaks no caller of what was committed before.

Compared with the last commit, and, where nothing of proto/ was changed since (as in a fresh clone), with
the commit before it, too. Where there is none with proto files, there is nothing to break.
"""

import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parent.parent


def archive(commit: str) -> bytes | None:
    """Give the proto files of a commit as a tar file; None where there is no such commit or file."""
    command = ["git", "archive", commit, "buf.yaml", "proto"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return result.stdout if result.returncode == 0 else None


def breaks(before: bytes) -> bool:
    """Compare the working tree with an older one; buf says what is broken."""
    with tempfile.TemporaryDirectory() as directory:
        with tarfile.open(fileobj=BytesIO(before)) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # not before Python 3.11.4
            tar.extractall(directory)
        return (
            subprocess.run(["buf", "breaking", "--against", directory], cwd=ROOT, check=False).returncode != 0
        )


def main() -> int:
    """Compare with each commit that there is."""
    broken = False
    for commit in ("HEAD", "HEAD~1"):
        before = archive(commit)
        if before is None:
            sys.stdout.write(f"{commit} has no proto files to compare with\n")
            continue
        broken = breaks(before) or broken
        sys.stdout.write(f"compared proto/ with {commit}\n")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
