"""Scorers: pure functions from gold calls and output lines to counts, one module per question."""
