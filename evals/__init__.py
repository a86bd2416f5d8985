"""Measuring the agent: labelled calls, scorers, calibration of confidence, and the gate that CI runs."""
