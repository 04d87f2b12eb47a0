"""The window, and the process that runs the engine for it."""
