"""Reading the billing facts out of a redacted call: one structured model call, then proof."""
