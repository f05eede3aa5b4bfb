"""4. Plan to statement: the only place where SQL text, quoting and parameters exist."""
