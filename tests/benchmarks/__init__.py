"""Measured ratios for the budgets: `make bench` prints them, nothing asserts them."""
