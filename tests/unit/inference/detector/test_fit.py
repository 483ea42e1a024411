"""Only what fits its card is opened."""

import hashlib
from pathlib import Path
from typing import Any

import onnx
import pytest

from core.errors import BadInput, NotFound
from inference.fit import open_session
from models.card import AcceptedFile, Card
from models.entry import ModelState
from models.model_file import ModelFile
from models.store import ModelStore


def with_bytes(model: ModelFile, path: Path, data: bytes) -> ModelFile:
    """The same card, but for a file of `data`, which it accepts."""
    path.write_bytes(data)
    accepted = AcceptedFile(sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    return ModelFile(model.card.model_copy(update={"accepted": (accepted,)}), path)


def with_card(model: ModelFile, **changes: Any) -> ModelFile:
    return ModelFile(Card.model_validate(model.card.model_dump() | changes), model.path)


def with_input(model: ModelFile, **changes: Any) -> ModelFile:
    return with_card(model, input=model.card.input.model_dump() | changes)


def test_every_shipped_model_fits_its_card(tmp_path: Path) -> None:
    verdicts = {verdict.name: verdict.state for verdict in ModelStore(tmp_path).verify(open_session)}
    assert verdicts.pop("yolox-nano-416") is ModelState.ABSENT
    assert verdicts == {"centerface-int8": ModelState.SOUND, "nanodet-g-int8": ModelState.SOUND}


@pytest.mark.parametrize("data", [b"\0" * 100, bytes(range(256)) * 9], ids=["zeros", "garbage"])
def test_a_broken_file_is_refused(nanodet: ModelFile, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput, match=r"broken\.onnx is no ONNX model that can be run: .*protobuf"):
        open_session(with_bytes(nanodet, tmp_path / "broken.onnx", data))


def test_a_file_that_was_cut_is_refused(nanodet: ModelFile, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no ONNX model that can be run"):
        open_session(with_bytes(nanodet, tmp_path / "cut.onnx", nanodet.path.read_bytes()[:-1000]))


def test_bytes_that_the_card_does_not_name_are_refused_before_they_are_parsed(
    nanodet: ModelFile, tmp_path: Path
) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(b"other")
    with pytest.raises(BadInput, match=r"expected SHA-256 2121b3d9.*, found d9298a10.* .5 bytes"):
        open_session(ModelFile(nanodet.card, other))


def test_a_missing_file_is_named(nanodet: ModelFile, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.onnx"):
        open_session(ModelFile(nanodet.card, tmp_path / "none.onnx"))


def test_another_name_of_the_input_is_refused(nanodet: ModelFile) -> None:
    with pytest.raises(BadInput, match=r"expected one input 'data', found \['images'\]"):
        open_session(with_input(nanodet, name="data"))


def test_a_free_network_may_be_used_at_a_fixed_size(nanodet: ModelFile) -> None:
    open_session(with_input(nanodet, size={"kind": "fixed", "width": 320, "height": 192}))


def test_a_fixed_network_cannot_be_used_at_any_size(nanodet: ModelFile, tmp_path: Path) -> None:
    graph = onnx.load(nanodet.path)
    for side, length in zip(graph.graph.input[0].type.tensor_type.shape.dim, (1, 3, 416, 416), strict=True):
        side.Clear()
        side.dim_value = length
    fixed = with_bytes(nanodet, tmp_path / "fixed.onnx", graph.SerializeToString())
    with pytest.raises(BadInput, match=r"expected input .* \[1, 3, 'any', 'any'\], found .* \[1, 3, 416, 416\]"):
        open_session(fixed)


def test_other_names_of_the_outputs_are_refused(nanodet: ModelFile) -> None:
    with pytest.raises(BadInput, match=r"expected outputs \['scores', 'boxes'\] and no others, found"):
        open_session(with_card(nanodet, outputs=("scores", "boxes")))


def test_an_output_more_is_refused_since_it_could_be_an_embedding(nanodet: ModelFile, tmp_path: Path) -> None:
    graph = onnx.load(nanodet.path)
    inner = next(node.output[0] for node in graph.graph.node if node.op_type == "Conv")
    graph.graph.output.append(onnx.helper.make_tensor_value_info(inner, onnx.TensorProto.FLOAT, None))
    more = with_bytes(nanodet, tmp_path / "more.onnx", graph.SerializeToString())
    with pytest.raises(BadInput, match=r"expected outputs .* and no others, found"):
        open_session(more)


def test_another_number_of_labels_is_refused_with_both_shapes(nanodet: ModelFile) -> None:
    with pytest.raises(BadInput, match=r"'scores' float32 \[1, 126, 79\], found float32 \[1, 126, 80\]"):
        open_session(with_card(nanodet, labels=nanodet.card.labels[:-1]))


def test_outputs_in_the_wrong_order_are_refused(nanodet: ModelFile) -> None:
    with pytest.raises(BadInput, match="expected output 'distances'"):
        open_session(with_card(nanodet, outputs=("distances", "scores")))


def test_a_misfit_is_refused_by_the_store(nanodet: ModelFile, tmp_path: Path) -> None:
    card = tmp_path / "mine.toml"
    shipped = Path(nanodet.path).parents[1] / "cards" / "nanodet-g-int8.toml"
    text = shipped.read_text(encoding="utf-8")
    card.write_text(text.replace('name = "nanodet-g-int8"', 'name = "mine"').replace('"toothbrush",', ""))
    with pytest.raises(BadInput, match="does not fit the card of 'mine'"):
        ModelStore(tmp_path / "models").add(nanodet.path, str(card), open_session)
    assert list((tmp_path / "models").iterdir()) == []
