"""Measurements: every figure a ratio to a peer that was measured beside it, in the same run on the same machine."""
