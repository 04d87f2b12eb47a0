"""Reading an ONNX graph: files, constants, shapes. onnx-ir underneath; nothing here knows attention."""
