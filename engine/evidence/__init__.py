"""What speaks for a class, without gradients: maps over the image that a model's own answers give.

One method is one small file with a pure core, in which `predict` takes images and returns scores; the tasks around
them run on an opened model. Importing a task needs neither onnx nor onnxruntime.
"""
