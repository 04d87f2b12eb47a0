"""Sounds to samples to what a speech model takes. Knows no graph and no runtime."""
