"""Write requirements.lock: the versions that are installed now, by name alone."""

import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAD = """\
# The versions that eventglass was last tested with; `make lock` writes it. Constraints, not
# requirements: what is installed is said in pyproject.toml.
"""
# Part of every environment, or the project itself.
LEFT_OUT = {"pip", "setuptools", "eventglass"}


def main() -> int:
    """Write the file."""
    versions = {
        found.metadata["Name"].lower().replace("_", "-"): found.version for found in metadata.distributions()
    }
    lines = [f"{name}=={version}\n" for name, version in sorted(versions.items()) if name not in LEFT_OUT]
    (ROOT / "requirements.lock").write_text(HEAD + "".join(lines), "utf-8")
    sys.stdout.write(f"requirements.lock has {len(lines)} versions\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
