"""Sessions of ONNX Runtime: on the processor, or handed to a provider that is proven to compute."""

import io
import os
from collections import Counter
from contextlib import redirect_stdout
from typing import assert_never

import onnxruntime as ort

from core.errors import Unavailable

from .processor import int8_instruction
from .settings import Provider

NAMES = {
    Provider.CPU: "CPUExecutionProvider",
    Provider.CUDA: "CUDAExecutionProvider",
    Provider.OPENVINO: "OpenVINOExecutionProvider",
}
"""As ONNX Runtime calls them."""

_LEAST_SHARE = 0.5
"""Of a network's nodes a provider must take at least so many: each change of places copies, and costs what it saves."""


class _Unusable(Exception):
    """Why a provider cannot be used, in words for a person."""


def needs(provider: Provider) -> str:
    """What must be there for `provider`, in words for a person."""
    match provider:
        case Provider.CPU:
            return "nothing more"
        case Provider.CUDA:
            return "an NVIDIA card with its driver, and onnxruntime-gpu[cuda,cudnn] installed in place of onnxruntime"
        case Provider.OPENVINO:
            return "onnxruntime-openvino installed in place of onnxruntime"
        case _:
            assert_never(provider)


def has(provider: Provider) -> bool:
    """Whether this build of ONNX Runtime knows `provider`; that does not mean that it works here."""
    return NAMES[provider] in ort.get_available_providers()


def open_on_cpu(data: bytes, threads: int) -> ort.InferenceSession:
    """A session on the processor, in which `threads` work on one picture. Raises what ONNX Runtime raises."""
    return ort.InferenceSession(data, _options(threads), providers=[NAMES[Provider.CPU]])


def open_on(provider: Provider, data: bytes) -> ort.InferenceSession:
    """A session in which `provider` computes the better part of the network.

    Raises `Unavailable` with what is missing. ONNX Runtime itself raises nothing then, but quietly uses the processor.
    """
    try:
        if not has(provider):
            known = ", ".join(other for other in Provider if has(other))
            raise _Unusable(f"this build of ONNX Runtime ({ort.__version__}) has only: {known}")
        failure = _preload() if provider is Provider.CUDA else None
        return session_on(NAMES[provider], _provider_options(provider), data, failure)
    except _Unusable as error:
        raise Unavailable(
            f"provider {provider} does not work here: {error}",
            hint=f"It needs {needs(provider)}; see Providers in docs/guide/operations.md.",
        ) from error


def session_on(name: str, options: dict[str, str], data: bytes, failure: str | None = None) -> ort.InferenceSession:
    """A session on the provider that ONNX Runtime calls `name`; `failure` is what is known to be missing for it."""
    settings = _options(threads=1)
    # Else it writes pages to standard error, in a form of its own, of what is told here in a line.
    ort.set_default_logger_severity(4)
    settings.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    try:
        session = ort.InferenceSession(data, settings, providers=[(name, options)])
        nodes = _count_nodes(session)
    except Exception as error:  # onnxruntime's errors have no root of their own
        raise _Unusable(f"it cannot be started: {first_line(error)}") from error
    if name not in session.get_providers():
        raise _Unusable(f"ONNX Runtime could not start it ({failure or 'it does not say why'})")
    if nodes[name] < _LEAST_SHARE * nodes.total():
        # It may stand in the session's list and yet compute nothing: OpenVINO's own choice of a device does so.
        raise _Unusable(f"it takes {nodes[name]} of the network's {nodes.total()} nodes, expected at least half")
    return session


def has_graphics_card(provider: Provider) -> bool:
    """Whether `provider` computes on a graphics card here, if it works at all."""
    return provider is Provider.CUDA or (provider is Provider.OPENVINO and _openvino_device() == "GPU")


def first_line(error: Exception) -> str:
    """What ONNX Runtime says, without its pages of context."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


def _options(threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    # Threads that spin while they wait take the cores from the decoders: 0.44x the pictures on two cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    if int8_instruction() is None:
        # Here the fast sums of int8 products overflow (x86 without VNNI): slow ones, or faces would be missed silently.
        options.add_session_config_entry("session.x64quantprecision", "1")
    options.log_severity_level = 4  # what matters is raised, and said once
    return options


def _provider_options(provider: Provider) -> dict[str, str]:
    match provider:
        case Provider.CPU:
            return {}
        case Provider.CUDA:
            # An exhaustive search (the default) would stop the loop for seconds at each new size of picture or batch;
            # and memory is to grow by what is asked for, not to the next power of two.
            return {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}
        case Provider.OPENVINO:
            if _openvino_device() == "GPU":
                return {"device_type": "GPU"}
            # Its threads are those of the session, not of the callers: with one, two inference threads got one core
            # between them.
            cores = str(len(os.sched_getaffinity(0)))
            return {"device_type": "CPU", "num_of_threads": cores, "num_streams": cores}
        case _:
            assert_never(provider)


def _openvino_device() -> str:
    """GPU where OpenVINO names one, else CPU. Its own choice (AUTO) runs nothing through ONNX Runtime."""
    try:
        devices: list[str] = ort.capi._pybind_state.get_available_openvino_device_ids()
    except AttributeError:  # another build than that for OpenVINO
        return "CPU"
    return "GPU" if any(device.startswith("GPU") for device in devices) else "CPU"


def _preload() -> str | None:
    """Load CUDA from the environment's own packages, if it is there. What could not be loaded, in one line."""
    with redirect_stdout(io.StringIO()) as said:
        ort.preload_dlls()
    failures = (line for line in said.getvalue().splitlines() if line.startswith("Failed to load"))
    return next(failures, "").partition(": ")[2] or None


def _count_nodes(session: ort.InferenceSession) -> Counter[str]:
    """How many nodes each provider computes."""
    nodes: Counter[str] = Counter()
    for part in session.get_provider_graph_assignment_info():
        nodes[part.ep_name] += len(part.get_nodes())
    return nodes
