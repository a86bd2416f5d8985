"""The rules of the policy table, split by subject. Pure functions over typed facts; see ``policy``."""
