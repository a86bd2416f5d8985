"""Connectors to the systems a billing call touches: one file, one test file, one registry line each."""
