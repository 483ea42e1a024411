"""Networks made from those that ship."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper


def in_floats(int8: Path) -> bytes:
    """The ONNX file of the same network in floats: what was quantised is taken back."""
    model = onnx.load(int8)
    graph = model.graph
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    maker_of = {output: node for node in graph.node for output in node.output}
    same_as: dict[str, str] = {}
    kept = []
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            floats = _dequantised(node, constants)
            graph.initializer.append(numpy_helper.from_array(floats, node.output[0]))
        elif node.op_type == "DequantizeLinear":
            same_as[node.output[0]] = maker_of[node.input[0]].input[0]
        elif node.op_type != "QuantizeLinear":
            kept.append(node)
    for node in kept:
        for place, name in enumerate(node.input):
            while name in same_as:
                name = same_as[name]
            node.input[place] = name
    used = {name for node in kept for name in node.input}
    constants_left = [one for one in graph.initializer if one.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(kept)
    graph.initializer.extend(constants_left)
    data: bytes = model.SerializeToString()
    return data


def with_other_weights(onnx_file: Path) -> bytes:
    """A network that takes and gives the same shapes, and sees something else: one convolution is another."""
    model = onnx.load(onnx_file)
    weights = next(one for one in model.graph.initializer if numpy_helper.to_array(one).dtype == np.int8)
    weights.CopyFrom(numpy_helper.from_array(np.ones_like(numpy_helper.to_array(weights)), weights.name))
    data: bytes = model.SerializeToString()
    return data


def _dequantised(node: onnx.NodeProto, constants: dict[str, Any]) -> Any:
    weights, scale = constants[node.input[0]].astype(np.float32), constants[node.input[1]]
    zero = constants[node.input[2]].astype(np.float32) if len(node.input) > 2 else np.zeros_like(scale)
    if scale.ndim and scale.size > 1:  # one for each channel
        axis = next((one.i for one in node.attribute if one.name == "axis"), 1)
        shape = [-1 if side == axis else 1 for side in range(weights.ndim)]
        scale, zero = scale.reshape(shape), zero.reshape(shape)
    return ((weights - zero) * scale).astype(np.float32)
