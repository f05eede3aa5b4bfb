"""The `eventglass` command: its parts take a second to load, and Ctrl+C ends that, too, in one line."""

import sys

from eventglass.cli.standard_files import open_missing


def main() -> int:
    """Run one subcommand and give the exit code. See `eventglass.cli.main`."""
    open_missing()
    try:
        from eventglass.cli.main import main as run  # noqa: PLC0415 - this is what takes a second
    except KeyboardInterrupt:
        sys.stderr.write("eventglass: interrupted\n")
        return 130
    return run()


if __name__ == "__main__":
    sys.exit(main())
