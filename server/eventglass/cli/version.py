"""`eventglass version`."""

import argparse
import sys
from importlib import metadata


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing."""
    del parser


def run(_arguments: argparse.Namespace) -> int:
    """Print the installed version."""
    sys.stdout.write(f"eventglass {metadata.version('eventglass')}\n")
    return 0
