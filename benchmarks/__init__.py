"""Measurements of speed, and of other tools beside ours; run by hand, shipped with nothing."""
