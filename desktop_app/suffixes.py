"""The endings of the files that can be opened."""

MODEL_SUFFIXES = (".onnx", ".ort")
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".avif",
                  ".ppm", ".pgm", ".pbm", ".pnm", ".mpo")  # fmt: skip
TEXT_SUFFIXES = (".txt", ".md")
SOUND_SUFFIXES = (".wav", ".wave", ".flac", ".ogg", ".mp3")
