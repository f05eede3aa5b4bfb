"""2. Validation: all violations at once, with field paths; never changes the spec."""
