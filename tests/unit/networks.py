"""Small convolutional networks that tests write themselves, one operator after the other."""

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Network:
    """A graph under construction; `here` is the tensor that the next layer takes, `channels` how many it has."""

    def __init__(self, size=16, channels=3, seed=0, batch=1, layout="NCHW", dtype=np.float32):
        self.nodes, self.tensors, self.rng = [], [], np.random.default_rng(seed)
        self.here, self.channels, self.dtype = "image", channels, dtype
        self.shape = [batch, channels, size, size] if layout == "NCHW" else [batch, size, size, channels]

    def add(self, kind, inputs=None, name=None, **attributes):
        name = name or f"t{len(self.nodes)}"
        domain = attributes.pop("domain", None)
        self.nodes.append(
            helper.make_node(kind, inputs or [self.here], [name], name=f"n_{name}", domain=domain, **attributes)
        )
        self.here = name
        return name

    def constant(self, array, name=None):
        name = name or f"w{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def weight(self, *shape):
        return self.constant((self.rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))).astype(self.dtype))

    def conv(self, out, kernel=3, stride=1, pads=None, source=None, group=1, dilation=1, **attributes):
        weight = self.weight(out, self.channels // group, kernel, kernel)
        bias = self.constant(self.rng.standard_normal(out).astype(self.dtype) * self.dtype(0.1))
        same = kernel // 2 * dilation
        if "auto_pad" not in attributes:
            attributes["pads"] = pads or [same] * 4
        self.channels = out
        return self.add(
            "Conv",
            [source or self.here, weight, bias],
            kernel_shape=[kernel] * 2,
            strides=[stride] * 2,
            dilations=[dilation] * 2,
            group=group,
            **attributes,
        )

    def relu(self):
        return self.add("Relu")

    def classifier(self, classes=4):
        """Global average, one linear layer."""
        self.add("GlobalAveragePool")
        self.add("Flatten")
        weight, bias = (
            self.weight(classes, self.channels),
            self.constant(self.rng.standard_normal(classes).astype(self.dtype)),
        )
        return self.add("Gemm", [self.here, weight, bias], name="logits", transB=1)

    def save(self, path, opset=17):
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype))
        image = helper.make_tensor_value_info("image", kind, self.shape)
        outputs = [helper.make_tensor_value_info(self.here, kind, None)]
        graph = helper.make_graph(self.nodes, "network", [image], outputs, self.tensors)
        opsets = [helper.make_opsetid("", opset)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        onnx.save(model, path)
        return path
