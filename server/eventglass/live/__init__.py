"""Events as they happen: the log, streams of new ones, and what goes on right now."""
