"""Whole calls through the real pipeline, and the requirements they prove."""
