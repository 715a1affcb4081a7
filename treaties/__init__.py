"""The law: instruments, participation, declarations, the legal-basis resolver, rules as data."""
