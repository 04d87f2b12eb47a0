"""From a photo on disk to the tensor a model takes, and back to the place on the photo."""
