"""Paths as one statement. Read in order: nodes, walks, links."""
