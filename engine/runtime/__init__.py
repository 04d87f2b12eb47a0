"""Running a model and reading a finished run. Reading needs NumPy alone."""

import os

# ONNX Runtime's builds report their use over the network and leave an identifier of the machine in the user's
# cache, from the moment they are imported. Mirada is offline: this variable, read at that moment, forbids both.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
