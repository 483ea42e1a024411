"""What computes a network: proven when it is opened, replaced by the processor where it does not work."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from core.errors import Unavailable
from core.frame import Picture
from inference.choice import best_precision, missing_file, open_best
from inference.detector import OnnxDetector
from inference.fit import ModelSession, open_session
from inference.processor import int8_instruction
from inference.providers import NAMES, has, open_on, session_on
from inference.settings import Provider
from inference.trial import check_agreement, deviation, sees_alike_in_batches
from models.model_file import ModelFile
from models.precision import Precision
from models.store import ModelStore
from tests.support.networks import in_floats, with_other_weights

MISSING = next(provider for provider in Provider if not has(provider))
"""No build of ONNX Runtime has all."""


def test_a_provider_that_this_build_lacks_is_replaced_by_the_cpu_and_says_why(
    nanodet: ModelFile, street: Picture
) -> None:
    opened = open_session(nanodet, provider=MISSING)
    assert (opened.provider, opened.batches) == (Provider.CPU, False)
    assert opened.session.get_providers() == [NAMES[Provider.CPU]]
    assert opened.refusal is not None
    assert f"provider {MISSING} does not work here: this build of ONNX Runtime" in opened.refusal.message
    assert f"onnxruntime-{'gpu' if MISSING is Provider.CUDA else 'openvino'}" in (opened.refusal.hint or "")
    found = OnnxDetector(opened).detect([street])
    assert found == OnnxDetector(open_session(nanodet)).detect([street]) != [[]]


def test_the_cpu_is_not_refused(objects: ModelSession) -> None:
    assert (objects.provider, objects.refusal) == (Provider.CPU, None)


@pytest.mark.parametrize("provider", [one for one in Provider if has(one)])
def test_a_provider_of_this_build_finds_the_same_or_says_what_it_lacks(
    provider: Provider, nanodet: ModelFile, objects: ModelSession, street: Picture
) -> None:
    opened = open_session(nanodet, provider=provider)
    if opened.refusal is not None:
        assert opened.provider is Provider.CPU
        assert f"provider {provider} does not " in opened.refusal.message
        return
    assert opened.provider is provider
    assert opened.session.get_providers()[0] == NAMES[provider]
    found = OnnxDetector(opened, min_score=0.3).detect([street])[0]
    for one in OnnxDetector(objects).detect([street])[0]:
        assert any(other.label == one.label and other.box.overlap(one.box) >= 0.8 for other in found)


def test_a_provider_that_computes_all_nodes_is_taken_and_agrees(nanodet: ModelFile, objects: ModelSession) -> None:
    opened = open_on(Provider.CPU, nanodet.read())
    check_agreement(nanodet.card, Provider.CPU, objects.session, opened)


def test_a_provider_that_is_listed_but_computes_nothing_is_found_out(nanodet: ModelFile) -> None:
    idle = "AzureExecutionProvider"
    if idle not in ort.get_available_providers():
        pytest.skip(f"this build of ONNX Runtime has no {idle}")
    assert idle in ort.InferenceSession(nanodet.read(), providers=[idle]).get_providers()
    with pytest.raises(Exception, match=r"it takes 0 of the network's \d+ nodes, expected at least half"):
        session_on(idle, {}, nanodet.read())


def test_a_network_that_sees_something_else_does_not_agree(nanodet: ModelFile, objects: ModelSession) -> None:
    other = ort.InferenceSession(with_other_weights(nanodet.path))
    with pytest.raises(
        Unavailable, match=r"does not compute 'nanodet-g-int8' .* is off by \d+\.\d\d; at most 0.35"
    ) as off:
        check_agreement(nanodet.card, Provider.CUDA, objects.session, other)
    assert "detector.provider" in (off.value.hint or "")


def test_a_network_of_another_shape_or_without_numbers_does_not_agree(objects: ModelSession) -> None:
    nothing, something = np.zeros(3, np.float32), np.ones(3, np.float32)
    assert not deviation(nothing, something, np.full(3, np.nan, np.float32)) <= 1
    assert deviation(nothing, something, something) == 0
    assert deviation(nothing, something, nothing) == 1
    faces = ModelStore(Path()).find("centerface-int8")
    with pytest.raises(Unavailable, match="it cannot look at a picture"):
        check_agreement(objects.card, Provider.CUDA, objects.session, open_session(faces).session)


def test_floats_agree_with_int8_well_enough(nanodet: ModelFile, objects: ModelSession) -> None:
    floats = ort.InferenceSession(in_floats(nanodet.path))
    check_agreement(nanodet.card, Provider.CUDA, objects.session, floats)


def test_batches_are_tried_before_they_are_trusted(nanodet: ModelFile, objects: ModelSession) -> None:
    assert sees_alike_in_batches(nanodet.card, objects.session)
    model = onnx.load(nanodet.path)
    scores, mean = model.graph.output[0].name, onnx.helper.make_node("ReduceMean", ["own"], ["mixed"], axes=[0])
    for node in model.graph.node:
        for place, name in enumerate(node.output):
            node.output[place] = "own" if name == scores else name
    model.graph.node.extend([mean, onnx.helper.make_node("Add", ["own", "mixed"], [scores])])
    mixing = ort.InferenceSession(model.SerializeToString())
    assert not sees_alike_in_batches(nanodet.card, mixing)


@pytest.mark.parametrize(
    ("provider", "instruction", "expected"),
    [
        (Provider.CPU, "avx512_vnni", Precision.INT8),
        (Provider.CPU, None, Precision.FLOAT),
        (Provider.OPENVINO, "avx_vnni", Precision.INT8),
        (Provider.OPENVINO, None, Precision.FLOAT),
        (Provider.CUDA, "avx512_vnni", Precision.FLOAT),
    ],
)
def test_the_machine_decides_which_file_is_better(
    provider: Provider, instruction: str | None, expected: Precision
) -> None:
    best, why = best_precision(provider, instruction)
    assert best is expected
    assert why


@pytest.fixture
def both(nanodet: ModelFile, tmp_path: Path) -> ModelStore:
    """A store with a model `both` in int8 and in floats."""
    floats = tmp_path / "floats.onnx"
    floats.write_bytes(in_floats(nanodet.path))
    shipped = Path(nanodet.path).parents[1] / "cards" / "nanodet-g-int8.toml"
    digest, length = sha256(floats.read_bytes()).hexdigest(), floats.stat().st_size
    card = tmp_path / "card.toml"
    card.write_text(
        shipped.read_text(encoding="utf-8").replace('"nanodet-g-int8"', '"both"')
        + f'[[accepted]]\nsha256 = "{digest}"\nsize_bytes = {length}\nprecision = "float"\n'
    )
    store = ModelStore(tmp_path / "models")
    for file in (nanodet.path, floats):
        store.add(file, str(card), open_session)
    return store


def best_here() -> Precision:
    return Precision.FLOAT if int8_instruction() is None else Precision.INT8


def test_the_better_file_is_opened_and_nothing_is_missing(both: ModelStore) -> None:
    opened = open_best(both, "both", Provider.CPU)
    assert opened.precision is best_here()
    assert missing_file(opened) is None


@pytest.mark.parametrize("here", Precision)
def test_the_file_that_is_here_is_opened_and_the_better_one_is_told(
    both: ModelStore, here: Precision, tmp_path: Path
) -> None:
    other = next(which for which in Precision if which is not here)
    (tmp_path / "models" / f"both_{other}.onnx").unlink()
    opened = open_best(both, "both", Provider.CPU)
    assert opened.precision is here
    told = missing_file(opened)
    if here is best_here():
        assert told is None
    else:
        assert told is not None
        assert told.startswith(f"model 'both' runs its {here} file; the {other} one is not here, and faster: this ")


def test_a_replaced_provider_takes_the_file_that_is_better_on_the_cpu(both: ModelStore) -> None:
    opened = open_best(both, "both", MISSING)
    assert opened.refusal is not None
    assert (opened.provider, opened.precision) == (Provider.CPU, best_here())


def test_both_files_find_the_same_objects(both: ModelStore, street: Picture) -> None:
    int8, floats = (
        OnnxDetector(open_session(both.find("both", which)), min_score=0.3).detect([street])[0] for which in Precision
    )
    sure = [one for one in int8 if one.score >= 0.5]
    assert sure
    for one in sure:
        assert any(other.label == one.label and other.box.overlap(one.box) >= 0.7 for other in floats)
