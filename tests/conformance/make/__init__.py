"""Regenerates the reference graphs of the conformance tests. See `tests/conformance/README.md`."""
