"""The same systems in memory, behind the same transport seam, filled from a world file."""
