"""Measurements: ratios against the bare work, in one run on one machine. `make bench` runs them."""
