"""The process that runs the engine for the window, and the line between the two."""
