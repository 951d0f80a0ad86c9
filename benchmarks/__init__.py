"""How fast, how many requests, how much memory. Measured, never asserted: see README.md beside this."""
