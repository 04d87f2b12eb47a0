"""The side panel: what is open, what the model predicts, its facts, and how the image becomes its input."""
