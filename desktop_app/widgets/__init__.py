"""Canvases and controls that know nothing of models: arrays in, pointer events out."""
