"""Running a model and reading a finished run. Reading needs NumPy alone."""
