"""The identifiers we know, by family, and the Presidio recognizers that find them."""
