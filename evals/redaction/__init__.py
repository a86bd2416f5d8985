"""Measures redaction: synthetic calls made on demand from committed texts, our own scorer, open real data."""
