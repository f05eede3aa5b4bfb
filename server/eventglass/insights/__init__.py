"""One file per kind of insight: plan, statement and answer, top to bottom; and their registry."""
