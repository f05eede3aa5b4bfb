"""Projects and keys."""
