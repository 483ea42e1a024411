"""The documents: links lead somewhere, commands exist, every setting is described, both languages say the same."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import typer
from pydantic import BaseModel

from core.stream_state import StreamState

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATIONS = ROOT / "docs" / "guide" / "operations.md"
BACKUP = ROOT / "docs" / "guide" / "backup.md"
GUIDES = [README, CHINESE, ROOT / "docs" / "guide" / "getting-started.md", OPERATIONS, BACKUP, ROOT / "CONTRIBUTING.md"]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?[^)]*\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: its depth (1 is the title) and its text."""

    depth: int
    text: str


def prose(page: Path) -> str:
    """The text of a page without its blocks of code and code spans."""
    return re.sub(r"`[^`\n]*`", lambda span: span[0].replace("[", "").replace("(", ""), _FENCE.sub("", _text(page)))


def code(page: Path, language: str = "sh") -> list[str]:
    """The blocks of code of a page."""
    return [body for found, body in _FENCE.findall(_text(page)) if found == language]


def headings(page: Path) -> list[Heading]:
    """The headings of a page, in order."""
    found = re.findall(r"^(#{1,6}) +(.+?)\s*$", _FENCE.sub("", _text(page)), re.MULTILINE)
    return [Heading(len(marks), text) for marks, text in found]


def anchors(page: Path) -> set[str]:
    """The names by which headings of a page can be linked to."""
    names: list[str] = []
    for heading in headings(page):
        slug = re.sub(r"[^\w\- ]", "", heading.text.lower()).replace(" ", "-")
        names.append(slug if slug not in names else f"{slug}-{names.count(slug)}")
    return set(names)


def link_fault(page: Path, target: str) -> str | None:
    """What is wrong with a link, or None."""
    parts = urlsplit(target)
    if parts.scheme in ("http", "https", "mailto"):
        return None
    linked = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not linked.is_relative_to(ROOT):
        return f"{page.relative_to(ROOT)}: {target} leads out of the repository"
    if not linked.exists():
        return f"{page.relative_to(ROOT)}: {target} leads nowhere"
    if parts.fragment and linked.suffix == ".md" and unquote(parts.fragment) not in anchors(linked):
        return f"{page.relative_to(ROOT)}: {linked.name} has no heading {parts.fragment}"
    return None


def calls(page: Path) -> list[str]:
    """Each `./run ...` of a page's shell blocks and code spans, without what goes before and comes after."""
    lines = "\n".join(code(page)).splitlines() + re.findall(r"`([^`\n]+)`", _FENCE.sub("", _text(page)))
    return sorted({line.removeprefix("./run ") for line in lines if line.startswith("./run ")})


def call_fault(call: str) -> str | None:
    """What is wrong with the arguments of a call (`models pull NAME`), or None."""
    words = shlex.split(call, comments=True)
    if words[:1] in (["test"], ["check"]):
        return None
    command: Any = typer.main.get_command(import_module("sharp_eyes.cli").app)
    while words and (inner := getattr(command, "commands", {}).get(words[0])) is not None:
        command, words = inner, words[1:]
    if hasattr(command, "commands"):
        return f"./run {call}: there is no such command"
    context = command.context_class(command)
    try:
        given, left, _ = command.make_parser(context).parse_args(words)
    except Exception as error:
        return f"./run {call}: {error}"
    missing = [part.name for part in command.params if part.required and not given.get(part.name)]
    return f"./run {call}: too much is {left}, missing is {missing}" if left or missing else None


def setting_keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Dotted keys of all settings below `model`; a table is named by its settings, not by itself."""
    for key, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_keys(field.annotation, f"{prefix}{key}.")
        else:
            yield prefix + key


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    faults = [fault for target in _LINK.findall(prose(page)) if (fault := link_fault(page, target)) is not None]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("target", ["missing.md", "docs/glossary.md#no-such-heading", "#nothing", "../elsewhere.md"])
def test_a_link_that_leads_nowhere_is_found(target: str) -> None:
    assert link_fault(README, target) is not None


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, waiting = {README}, [README]
    while waiting:
        page = waiting.pop()
        for target in _LINK.findall(prose(page)):
            linked = (page.parent / unquote(urlsplit(target).path)).resolve()
            if linked.suffix == ".md" and linked.exists() and linked not in reached:
                reached.add(linked)
                waiting.append(linked)
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in reached] == []


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_command_of_the_documents_exists_and_takes_these_arguments(page: Path) -> None:
    found = calls(page)
    assert found
    faults = [fault for call in found if (fault := call_fault(call)) is not None]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "call", ["no-such-command", "models no-such-command", "demo --no-such-option", "run extra", "detect", "models pull"]
)
def test_a_command_that_would_be_refused_is_found(call: str) -> None:
    assert call_fault(call) is not None


def test_the_readme_names_the_two_commands_to_start_with() -> None:
    assert code(README)[0] == "./run demo\n./run test\n"


def test_every_setting_stands_in_the_reference() -> None:
    settings: type[BaseModel] = import_module("sharp_eyes.settings").Settings
    reference = _text(ROOT / "docs" / "reference" / "settings.md")
    keys = set(setting_keys(settings))
    assert "api.port" in keys
    assert sorted(key for key in keys if f"`{key}`" not in reference) == []


def test_the_reference_describes_no_setting_that_does_not_exist() -> None:
    settings: type[BaseModel] = import_module("sharp_eyes.settings").Settings
    reference = _text(ROOT / "docs" / "reference" / "settings.md")
    described = re.findall(r"^\| *`([a-z][a-z_.]*)` *\|", reference, re.MULTILINE)
    assert described
    assert sorted(set(described) - set(setting_keys(settings))) == []


def test_every_state_of_a_stream_is_explained() -> None:
    described = re.findall(r"^\| `(\w+)` \|", _text(OPERATIONS), re.MULTILINE)
    assert set(StreamState) - set(described) == set()


def test_every_metric_is_explained_and_exists() -> None:
    described = set(re.findall(r"^\| `(sharp_eyes_\w+)` \|", _text(OPERATIONS), re.MULTILINE))
    files = [*(ROOT / "api").glob("*.py"), *(ROOT / "sharp_eyes" / "worker").glob("*.py")]
    named = {name for file in files for name in re.findall(r'"(sharp_eyes_[a-z_]+)"', _text(file))}
    # The process's own come by the dozen; Prometheus adds `_total` to counters.
    made = named - {"sharp_eyes_api", "sharp_eyes_worker"}
    assert made
    assert {name.removesuffix("_total") for name in described} == made


def test_both_readmes_have_the_same_headings() -> None:
    assert [heading.depth for heading in headings(CHINESE)] == [heading.depth for heading in headings(README)]


def test_both_readmes_show_the_same_commands() -> None:
    assert code(CHINESE) == code(README)


def test_both_readmes_link_to_the_same_pages() -> None:
    own = {CHINESE.name, README.name}
    assert set(_LINK.findall(prose(CHINESE))) - own == set(_LINK.findall(prose(README))) - own


def test_the_layout_of_the_readme_names_every_package() -> None:
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests"}
    for page in (README, CHINESE):
        assert {package for package in packages if f"| `{package}/` |" not in _text(page)} == set()
