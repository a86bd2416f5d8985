"""Labelled calls for calibration: short ones, with compact gold, that need no sandbox world."""
