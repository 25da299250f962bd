#!/usr/bin/env python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes a MiniFASNet of minivision-ai/Silent-Face-Anti-Spoofing-APK, published for ncnn, as ONNX for OpenCV 4.6.

No weight is changed except that batch normalisation is folded into a scale and a shift, as ncnn does when it loads
them. A layer or a weight tag that is not in the table below is an error, never a guess, and every byte of the weights
has to be used. python3 alone suffices and the result is always the same bytes: deploy/models checks its SHA-256.

usage: convert_ncnn.py model_1.param model_1.bin minifasnet_1.onnx
"""
import math
import struct
import sys

from convert_models import write

MAGIC, TAG_FLOAT32 = "7767517", 0
SIDE = 80  # the .param says 60, the app feeds 80
EPSILON = 1e-5


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def floats(self, count):
        end = self.at + 4 * count
        if end > len(self.data):
            raise ValueError("the weights end too early")
        piece, self.at = self.data[self.at:end], end
        return piece

    def tagged(self, count):
        tag, = struct.unpack("<I", self.floats(1))
        if tag != TAG_FLOAT32:
            raise ValueError(f"weights with tag {tag:#x}, not float32")
        return self.floats(count)


def text(field, value):
    return (field, 2, value.encode())


def tensor(name, dims, raw):
    return write([(1, 0, d) for d in dims] + [(2, 0, 1), text(8, name), (9, 2, raw)])


def ints(name, values):
    return write([text(1, name)] + [(8, 0, v) for v in values] + [(20, 0, 7)])


def integer(name, value):
    return write([text(1, name), (3, 0, value), (20, 0, 2)])


def real(name, value):
    return write([text(1, name), (2, 5, struct.pack("<f", value)), (20, 0, 1)])


def value_info(name, dims):
    shape = write([(1, 2, write([(1, 0, d)])) for d in dims])
    return write([text(1, name), (2, 2, write([(1, 2, write([(1, 0, 1), (2, 2, shape)]))]))])


class Graph:
    def __init__(self):
        self.nodes, self.weights, self.alias = [], [], {}

    def name(self, blob):
        while blob in self.alias:
            blob = self.alias[blob]
        return blob

    def node(self, kind, inputs, output, attributes=()):
        records = [text(1, self.name(i)) for i in inputs] + [text(2, output), text(3, output), text(4, kind)]
        self.nodes.append(write(records + [(5, 2, a) for a in attributes]))

    def weight(self, name, dims, raw):
        self.weights.append(tensor(name, dims, raw))
        return name


def convolution(graph, layer, keys, reader):
    out, width = keys[0], keys[1]
    height, stride_x = keys.get(11, width), keys.get(3, 1)
    stride_y, left = keys.get(13, stride_x), keys.get(4, 0)
    top, group, count = keys.get(14, left), keys.get(7, 1), keys[6]
    if keys.get(2, 1) != 1 or count % (out * height * width):
        raise ValueError(f"{layer['name']}: a convolution of another kind")
    name, target = layer["name"], layer["outputs"][0]
    inputs = [layer["inputs"][0],
              graph.weight(name + ".weight", [out, count // (out * height * width), height, width], reader.tagged(count))]
    if keys.get(5, 0):
        inputs.append(graph.weight(name + ".bias", [out], reader.floats(out)))
    graph.node("Conv", inputs, target, [ints("dilations", [1, 1]), integer("group", group), ints("kernel_shape", [height, width]),
                                        ints("pads", [top, left, top, left]), ints("strides", [stride_y, stride_x])])


def scale_and_shift(graph, layer, scale, shift, mean):
    """BatchNormalization whose own division is by 1."""
    name, channels = layer["name"], len(scale) // 4
    one = struct.pack("<f", 1 - EPSILON) * channels
    parts = [("scale", scale), ("shift", shift), ("mean", mean), ("variance", one)]
    graph.node("BatchNormalization",
               [layer["inputs"][0]] + [graph.weight(f"{name}.{part}", [channels], raw) for part, raw in parts],
               layer["outputs"][0], [real("epsilon", EPSILON)])


def batch_norm(graph, layer, keys, reader):
    channels, eps = keys[0], keys.get(1, 0)
    slope, mean, variance, bias = (reader.floats(channels) for _ in range(4))
    numbers = zip(struct.unpack(f"<{channels}f", slope), struct.unpack(f"<{channels}f", variance))
    scale = struct.pack(f"<{channels}f", *(s / math.sqrt(v + eps) for s, v in numbers))
    scale_and_shift(graph, layer, scale, bias, mean)


def scale(graph, layer, keys, reader):
    if len(layer["inputs"]) == 2:
        if keys[0] != -233:
            raise ValueError(f"{layer['name']}: a scale of another kind")
        return graph.node("Mul", layer["inputs"], layer["outputs"][0])
    factor = reader.floats(keys[0])
    shift = reader.floats(keys[0]) if keys.get(1, 0) else bytes(4 * keys[0])
    return scale_and_shift(graph, layer, factor, shift, bytes(4 * keys[0]))


def inner_product(graph, layer, keys, reader):
    out, count, name = keys[0], keys[2], layer["name"]
    weight = graph.weight(name + ".weight", [out, count // out], reader.tagged(count))
    bias = graph.weight(name + ".bias", [out], reader.floats(out) if keys.get(1, 0) else bytes(4 * out))
    graph.node("Gemm", [layer["inputs"][0], weight, bias], layer["outputs"][0], [integer("transB", 1)])


def add_layer(graph, layer, keys, reader, kinds):
    kind, inputs, outputs = layer["kind"], layer["inputs"], layer["outputs"]
    kinds[outputs[0]] = kind
    if kind in ("Split", "Dropout"):
        graph.alias.update({name: inputs[0] for name in outputs})
    elif kind in ("Convolution", "ConvolutionDepthWise"):
        convolution(graph, layer, keys, reader)
    elif kind == "BatchNorm":
        batch_norm(graph, layer, keys, reader)
    elif kind == "Scale":
        scale(graph, layer, keys, reader)
    elif kind == "PReLU":
        slope = graph.weight(layer["name"] + ".slope", [keys[0], 1, 1], reader.floats(keys[0]))
        graph.node("PRelu", [inputs[0], slope], outputs[0])
    elif kind in ("ReLU", "Sigmoid"):
        graph.node({"ReLU": "Relu"}.get(kind, kind), inputs, outputs[0])
    elif kind == "Pooling" and keys.get(0) == 1:
        graph.node("GlobalAveragePool", inputs, outputs[0])
    elif kind == "Eltwise" and keys.get(0, 0) in (0, 1) or kind == "BinaryOp" and keys.get(0, 0) in (0, 2):
        add = keys.get(0, 0) == (1 if kind == "Eltwise" else 0)
        graph.node("Add" if add else "Mul", inputs, outputs[0])
    elif kind == "Flatten":
        # After the gate of a squeeze-excite the map stays four-dimensional, for the product that follows.
        if kinds.get(graph.name(inputs[0])) == "Sigmoid":
            graph.alias[outputs[0]] = inputs[0]
        else:
            graph.node("Flatten", inputs, outputs[0], [integer("axis", 1)])
    elif kind == "InnerProduct":
        inner_product(graph, layer, keys, reader)
    elif kind == "Softmax":
        graph.node("Softmax", inputs, outputs[0], [integer("axis", 1)])
    elif kind != "Input":
        raise ValueError(f"layer {kind} ({layer['name']}) is not known here")


def keys_of(words):
    found = {}
    for word in words:
        key, value = word.split("=")
        if int(key) > -23300:  # below: arrays, of which only empty ones occur
            found[int(key)] = float(value) if "." in value or "e" in value else int(value)
        elif value != "0":
            raise ValueError(f"an array of values: {word}")
    return found


def convert(param, weights):
    lines = [line.split() for line in param.splitlines() if line.strip()]
    if lines[0] != [MAGIC]:
        raise ValueError("not an ncnn .param file")
    graph, reader, kinds = Graph(), Reader(weights), {}
    if len(lines) != int(lines[1][0]) + 2:
        raise ValueError("the number of layers is not the stated one")
    for words in lines[2:]:
        read, made = int(words[2]), int(words[3])
        blobs = words[4:4 + read + made]
        layer = {"kind": words[0], "name": words[1], "inputs": blobs[:read], "outputs": blobs[read:]}
        add_layer(graph, layer, keys_of(words[4 + read + made:]), reader, kinds)
    if reader.at != len(weights):
        raise ValueError(f"{len(weights) - reader.at} bytes of the weights are not used")
    records = [(1, 2, node) for node in graph.nodes] + [text(2, "minifasnet")]
    records += [(5, 2, weight) for weight in graph.weights]
    records += [(11, 2, value_info("data", [1, 3, SIDE, SIDE])), (12, 2, value_info("softmax", [1, 3]))]
    return write([(1, 0, 6), text(2, "Invigil deploy/convert_ncnn.py"), (7, 2, write(records)), (8, 2, write([(2, 0, 9)]))])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="ascii") as source, open(sys.argv[2], "rb") as source_weights:
        result = convert(source.read(), source_weights.read())
    with open(sys.argv[3], "wb") as target:
        target.write(result)
