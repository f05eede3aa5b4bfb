"""Prove that gen/ is what proto/ generates: generate anew into a temporary directory and compare."""

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def files(directory: Path) -> set[Path]:
    """List what is in a directory, relative to it, without Python's caches."""
    found = (path.relative_to(directory) for path in directory.rglob("*") if path.is_file())
    return {path for path in found if "__pycache__" not in path.parts}


def main() -> int:
    """Compare, and say which files differ."""
    with tempfile.TemporaryDirectory() as fresh:
        subprocess.run(["buf", "generate", "--output", fresh], cwd=ROOT, check=True)
        committed, generated = ROOT / "gen", Path(fresh) / "gen"
        names = files(committed) | files(generated)
        _, different, missing = filecmp.cmpfiles(committed, generated, map(str, names), shallow=False)
    stale = sorted([*different, *missing])
    if stale:
        sys.stderr.write("gen/ is not what proto/ generates; run `make gen`:\n")
        sys.stderr.writelines(f"  gen/{name}\n" for name in stale)
        return 1
    sys.stdout.write(f"gen/ is fresh ({len(names)} files)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
