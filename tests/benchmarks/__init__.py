"""The benchmark scripts run, and see what they are there to see."""
