"""Receptive fields against published numbers, and against what a changed pixel really changes."""

import math

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import engine
from engine.images.guess import plan_for
from tests.conformance.references import Reference


class Builder:
    """A convolutional network written operator by operator."""

    def __init__(self, size=64, channels=3, seed=0):
        self.nodes, self.tensors, self.count = [], [], 0
        self.rng, self.size, self.here, self.channels = np.random.default_rng(seed), size, "image", channels
        self.input_channels = channels

    def add(self, kind, inputs, **attributes):
        self.count += 1
        self.nodes.append(helper.make_node(kind, inputs, [f"t{self.count}"], name=f"n{self.count}", **attributes))
        self.here = f"t{self.count}"
        return self.here

    def weight(self, shape, low=None):
        name = f"w{len(self.tensors)}"
        values = self.rng.standard_normal(shape) if low is None else self.rng.uniform(low, 1, shape)
        self.tensors.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def integers(self, values, dtype=np.int64):
        name = f"w{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.array(values, dtype), name))
        return name

    def conv(self, out, kernel, stride=1, pad=None, source=None, group=1, dilation=1, **attributes):
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        pads = [k // 2 * dilation for k in kernel] * 2 if pad is None else pad if isinstance(pad, list) else [pad] * 4
        name = self.weight((out, self.channels // group, *kernel), low=0.1)
        shared = {"strides": [stride] * 2, "dilations": [dilation] * 2, "group": group}
        if "auto_pad" not in attributes:
            shared["pads"] = pads
        self.channels = out
        return self.add("Conv", [source or self.here, name], kernel_shape=kernel, **shared, **attributes)

    def pool(self, kernel, stride, pad=0, kind="MaxPool", **attributes):
        shared = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": [pad] * 4}
        return self.add(kind, [self.here], **shared, **attributes)

    def save(self, path, outputs=None):
        shape = [1, self.input_channels, self.size, self.size]
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)
        names = outputs or [self.here]
        outs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
        graph = helper.make_graph(self.nodes, "network", [image], outs, self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
        onnx.save(model, path)
        return path


def residual(net, out, stride, kernels):
    """One block of He et al. 2016: `kernels` are (size, stride, width)."""
    source, channels = net.here, net.channels
    for i, (kernel, step, width) in enumerate(kernels):
        net.conv(width, kernel, step)
        if i < len(kernels) - 1:
            net.add("Relu", [net.here])
    main = net.here
    if stride != 1 or channels != out:
        net.channels = channels
        source = net.conv(out, 1, stride, source=source)
    net.add("Add", [main, source])
    net.add("Relu", [net.here])


def resnet(path, blocks, bottleneck, size=224):
    """torchvision's layout: of a bottleneck, the 3 × 3 convolution has the stride."""
    net = Builder(size)
    net.conv(8, 7, 2)
    net.add("Relu", [net.here])
    net.pool(3, 2, 1)
    for stage, count in enumerate(blocks):
        width = 8 * 2**stage
        for block in range(count):
            stride = 2 if block == 0 and stage > 0 else 1
            if bottleneck:
                residual(net, width * 4, stride, [(1, 1, width), (3, stride, width), (1, 1, width * 4)])
            else:
                residual(net, width, stride, [(3, stride, width), (3, 1, width)])
    return net.save(path)


@pytest.mark.parametrize(
    ("blocks", "bottleneck", "expected"),
    [
        ((2, 2, 2, 2), False, 435),
        ((3, 4, 6, 3), False, 899),
        ((3, 4, 6, 3), True, 427),
        ((3, 4, 23, 3), True, 971),
    ],
    ids=["ResNet-18", "ResNet-34", "ResNet-50", "ResNet-101"],
)
def test_residual_networks(tmp_path, blocks, bottleneck, expected):
    model = engine.open_model(resnet(tmp_path / "net.onnx", blocks, bottleneck))
    widest = max(layer.receptive.size[0] for layer in model.convolutions)
    last = [layer for layer in model.convolutions if layer.kernel == (3, 3)][-1].receptive
    assert widest == expected
    assert last.size == (expected, expected)
    assert last.jump == (32, 32)
    assert not last.whole


def test_vgg16_at_the_last_pool(tmp_path):
    net = Builder(224)
    for count, width in ((2, 4), (2, 4), (3, 8), (3, 8), (3, 8)):
        for _ in range(count):
            net.conv(width, 3)
            net.add("Relu", [net.here])
        net.pool(2, 2)
    model = engine.open_model(net.save(tmp_path / "vgg.onnx"))
    field = model.description.pools[-1].receptive
    assert (field.size, field.jump, model.description.pools[-1].size) == ((212, 212), (32, 32), (7, 7))


def test_mobilenet_v1(tmp_path):
    net = Builder(224)
    net.conv(8, 3, 2)
    for stride in (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1):
        net.conv(8, 3, stride, group=8)
        net.conv(8, 1)
    model = engine.open_model(net.save(tmp_path / "mobile.onnx"))
    assert model.convolutions[-1].receptive.size == (315, 315)
    assert model.convolutions[1].groups == 8


def seen(path, unit, size):
    """The rows and columns of the image that change one unit of the last layer, by putting each pixel up."""
    model = engine.open_model(path)
    name = model.outputs[0].name
    shape = [d if isinstance(d, int) else 1 for d in model.inputs[0].shape]
    plain = np.zeros(shape, np.float32)

    def value(image):
        return model.run({"image": image}).outputs[name][0, :, unit[0], unit[1]].sum()

    base, out = value(plain), []
    for axis in (2, 3):
        hit = []
        for at in range(size):
            image = plain.copy()
            image[(slice(None),) * axis + (at,)] = 100.0
            if not np.isclose(value(image), base):
                hit.append(at)
        out.append((min(hit), max(hit)))
    return tuple(out)


def stem(net):
    net.conv(4, 3, 2, pad=[0, 1, 1, 2])


def dilated(net):
    net.conv(4, 3, 1, pad=2, dilation=2)
    net.conv(4, 3, 2, pad=0)


def ceiled(net):
    net.conv(4, 3, 1)
    net.pool(3, 2, 0, kind="AveragePool", ceil_mode=1, count_include_pad=0)
    net.conv(4, 3, 1)


def same(net):
    net.conv(4, 3, 2, auto_pad="SAME_UPPER")
    net.conv(4, 5, 2, auto_pad="SAME_LOWER")


def joined(net):
    stem(net)
    source, channels = net.here, net.channels
    left = net.conv(4, 1)
    net.channels = channels
    right = net.conv(4, 5, source=source)
    net.add("Concat", [left, right], axis=1)
    net.channels = 8


def widened(net):
    net.conv(4, 3, 2, pad=1)
    scales = net.integers([1, 1, 2, 2], np.float32)
    asymmetric = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    net.add("Resize", [net.here, "", scales], mode="nearest", **asymmetric)
    net.conv(4, 3)


def uneven(net):
    net.conv(4, (3, 5), 1, pad=[1, 2, 1, 2])
    net.conv(4, (1, 3), 2, pad=[0, 1, 0, 1])


def padded(net):
    net.add("Pad", [net.here, net.integers([0, 0, 0, 1, 0, 0, 1, 0])])
    net.conv(4, 3, 2, pad=0)


@pytest.mark.parametrize(
    "build", [stem, dilated, ceiled, same, joined, uneven, padded, widened], ids=lambda build: build.__name__
)
def test_exactly_the_pixels_of_the_field_change_a_unit(tmp_path, build):
    size = 24
    net = Builder(size)
    build(net)
    path = net.save(tmp_path / "net.onnx")
    model = engine.open_model(path)
    layer = max(model.convolutions, key=lambda layer: layer.receptive.size)
    for unit in ((2, 3), (0, 1)):
        pads = [(max(a, 0), min(b, size - 1)) for a, b in layer.receptive.region(*unit)]
        found = seen(path, unit, size)
        if build is widened:  # a unit between two others sees one of them: the field is that of the widest
            assert all(a <= c and d <= b for (a, b), (c, d) in zip(pads, found, strict=True))
        else:
            assert tuple(pads) == found


def test_centre_of_the_first_unit(tmp_path):
    net = Builder(32)
    net.conv(4, 4, 4, pad=0)
    field = engine.open_model(net.save(tmp_path / "patches.onnx")).convolutions[0].receptive
    assert (field.size, field.jump, field.start) == ((4, 4), (4, 4), (1.5, 1.5))
    assert field.region(1, 2) == ((4, 7), (8, 11))


def test_a_gate_of_the_whole_image_is_noted_and_not_counted(tmp_path):
    net = Builder(32)
    source = net.conv(4, 3)
    net.add("GlobalAveragePool", [source])
    net.conv(4, 1)
    net.add("Mul", [source, net.add("Sigmoid", [net.here])])
    net.conv(4, 3)
    field = engine.open_model(net.save(tmp_path / "gate.onnx")).convolutions[-1].receptive
    assert field.size == (5, 5)
    assert field.whole


def test_after_global_pooling_a_unit_sees_everything(tmp_path):
    net = Builder(32)
    net.conv(4, 3)
    net.add("GlobalAveragePool", [net.here])
    net.conv(4, 1)
    assert engine.open_model(net.save(tmp_path / "gone.onnx")).convolutions[-1].receptive.size == (math.inf, math.inf)


def test_channels_last_exports(tmp_path):
    net = Builder(32)
    net.here = net.add("Transpose", ["image"], perm=[0, 3, 1, 2])
    net.conv(4, 3, 2)
    net.add("Transpose", [net.here], perm=[0, 2, 3, 1])
    net.save(tmp_path / "nhwc.onnx")
    proto = onnx.load(tmp_path / "nhwc.onnx")
    for dim, value in zip(proto.graph.input[0].type.tensor_type.shape.dim, [1, 32, 48, 3], strict=True):
        dim.dim_value = value
    onnx.save(proto, tmp_path / "nhwc.onnx")
    model = engine.open_model(tmp_path / "nhwc.onnx")
    assert model.description.image_plan.layout == "NHWC"
    layer = model.convolutions[0]
    assert (layer.size, layer.receptive.size, layer.receptive.jump) == ((16, 24), (3, 3), (2, 2))


def classifier(path, kind):
    net = Builder(16)
    net.conv(6, 3, 2)
    maps = net.add("Relu", [net.here])
    if kind == "mean":
        pooled = net.add("ReduceMean", [maps], axes=[2, 3], keepdims=0)
    elif kind == "pool":
        pooled = net.add("Flatten", [net.pool(8, 8, kind="AveragePool")])
    else:
        pooled = net.add("Flatten", [net.add("GlobalAveragePool", [maps])])
    if kind == "matmul":
        net.add("Add", [net.add("MatMul", [pooled, net.weight((6, 5))]), net.weight((5,))])
    else:
        net.add("Gemm", [pooled, net.weight((5, 6)), net.weight((5,))], transB=1)
    return net.save(path), maps


@pytest.mark.parametrize("kind", ["global", "mean", "pool", "matmul"])
def test_the_classifiers_weights_give_the_logits(tmp_path, kind):
    path, maps = classifier(tmp_path / "net.onnx", kind)
    model = engine.open_model(path)
    head = model.description.head
    assert (head.maps, head.classes) == (maps, 5)
    image = np.random.default_rng(1).standard_normal((1, 3, 16, 16)).astype(np.float32)
    run = model.run({"image": image})
    mean = model.fetch(run.inputs, (head.maps,))[head.maps].mean((2, 3))  # (batch, channel)
    np.testing.assert_allclose(mean @ head.weight.T + head.bias, run.outputs[head.output], atol=1e-5)


def test_a_transformer_has_no_such_head():
    assert engine.open_model(Reference("timm_vit_plain_ts14").path).description.head is None


def test_multiply_adds_of_known_layers(tmp_path):
    path, _ = classifier(tmp_path / "net.onnx", "global")
    assert engine.open_model(path).description.multiply_adds == 6 * 8 * 8 * 3 * 9 + 6 * 5


def test_multiply_adds_of_attention():
    """12 wide, 25 tokens, 2 blocks: projections, scores, values and the rest of the block."""
    model = engine.open_model(Reference("timm_vit_plain_ts14").path)
    tokens, width, hidden, patch = 25, 12, 18, 4 * 4 * 3
    block = tokens * width * width * 4 + 2 * tokens * tokens * width + 2 * tokens * width * hidden
    assert model.description.multiply_adds == (tokens - 1) * patch * width + 2 * block + width * 7


def test_plans_are_not_needed_for_fields(tmp_path):
    net = Builder(16, channels=5)
    net.conv(4, 3)
    model = engine.open_model(net.save(tmp_path / "five.onnx"))
    assert plan_for(model.inputs, tmp_path).plan is None
    assert model.convolutions[0].receptive.size == (3, 3)
