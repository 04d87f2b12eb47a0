"""What an opened file is: frozen descriptions, readable without onnx or onnxruntime."""
