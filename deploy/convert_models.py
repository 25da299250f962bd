#!/usr/bin/env python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Rewrites the published MobileFaceNet.onnx so that OpenCV 4.6 can load it.

OpenCV 4.6 stops at Clip nodes whose bounds are inputs (opset 11 and later). This puts the bounds into
attributes (the opset 6 form), drops the constants nobody reads any more and names opset 9, IR 6. No weight is
touched. It edits the protobuf records directly, so python3 alone suffices and the result is always the same
bytes: deploy/models checks its SHA-256.

usage: convert_models.py MobileFaceNet.onnx mobilefacenet.onnx
"""
import struct
import sys

# Field numbers of onnx.proto.
MODEL_IR, MODEL_GRAPH, MODEL_OPSET = 1, 7, 8
GRAPH_NODE = 1
NODE_INPUT, NODE_OUTPUT, NODE_TYPE, NODE_ATTRIBUTE = 1, 2, 4, 5
ATTRIBUTE_NAME, ATTRIBUTE_F, ATTRIBUTE_T, ATTRIBUTE_TYPE, TYPE_FLOAT = 1, 2, 5, 20, 1
TENSOR_TYPE, TENSOR_RAW = 2, 9


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def write_varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def parse(data):
    """Records (field, wire type, value) in file order."""
    at, records = 0, []
    while at < len(data):
        key, at = read_varint(data, at)
        field, wire = key >> 3, key & 7
        if wire == 0:
            value, at = read_varint(data, at)
        else:
            if wire == 2:
                size, at = read_varint(data, at)
            elif wire in (1, 5):
                size = 8 if wire == 1 else 4
            else:
                raise ValueError(f"wire type {wire} in a protobuf file")
            if at + size > len(data):
                raise ValueError("the file is cut off")
            value, at = data[at:at + size], at + size
        records.append((field, wire, value))
    return records


def write(records):
    out = bytearray()
    for field, wire, value in records:
        out += write_varint(field << 3 | wire)
        if wire == 0:
            out += write_varint(value)
        else:
            out += (write_varint(len(value)) if wire == 2 else b"") + value
    return bytes(out)


def values(records, field):
    return [value for number, _, value in records if number == field]


def float_constant(node):
    """The bytes of a Constant node's single float, else None."""
    for attribute in values(node, NODE_ATTRIBUTE):
        for tensor in values(parse(attribute), ATTRIBUTE_T):
            tensor = parse(tensor)
            raw = values(tensor, TENSOR_RAW)
            if values(tensor, TENSOR_TYPE) == [1] and raw and len(raw[0]) == 4:
                return raw[0]
    return None


def float_attribute(name, raw):
    return (NODE_ATTRIBUTE, 2, write([(ATTRIBUTE_NAME, 2, name), (ATTRIBUTE_F, 5, raw), (ATTRIBUTE_TYPE, 0, TYPE_FLOAT)]))


def convert_graph(graph):
    nodes = [parse(value) for value in values(graph, GRAPH_NODE)]
    constants = {values(node, NODE_OUTPUT)[0]: float_constant(node)
                 for node in nodes if values(node, NODE_TYPE) == [b"Constant"]}
    rewritten = []
    for node in nodes:
        kind, inputs = values(node, NODE_TYPE)[0], values(node, NODE_INPUT)
        if kind == b"Clip" and len(inputs) == 3:
            low, high = constants.get(inputs[1]), constants.get(inputs[2])
            if low is None or high is None or struct.unpack("<f", low) > struct.unpack("<f", high):
                raise ValueError("a Clip without constant bounds")
            node = [record for record in node if record[0] != NODE_INPUT or record[2] == inputs[0]]
            node += [float_attribute(b"max", high), float_attribute(b"min", low)]
        elif kind == b"Reshape":
            node = [record for record in node if record[0] != NODE_ATTRIBUTE]
        rewritten.append(node)
    read = {name for node in rewritten for name in values(node, NODE_INPUT)}
    kept = [node for node in rewritten
            if values(node, NODE_TYPE) != [b"Constant"] or values(node, NODE_OUTPUT)[0] in read]
    return [(GRAPH_NODE, 2, write(node)) for node in kept] + [r for r in graph if r[0] != GRAPH_NODE]


def convert(data):
    model = []
    for field, wire, value in parse(data):
        if field == MODEL_IR:
            value = 6
        elif field == MODEL_GRAPH:
            value = write(convert_graph(parse(value)))
        elif field == MODEL_OPSET:
            value = write([(2, 0, 9)])
        model.append((field, wire, value))
    return write(model)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as source:
        result = convert(source.read())
    with open(sys.argv[2], "wb") as target:
        target.write(result)
