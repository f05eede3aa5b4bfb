"""5. Run it: the engine behind one Protocol, its pool, its limits, its schema."""
