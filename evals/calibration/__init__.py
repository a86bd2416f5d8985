"""Fitted confidence maps, one JSON file per model, read by agent.extraction.confidence."""
