"""The documents: links lead somewhere, commands exist, every setting is described, both languages say the same."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pydantic import BaseModel

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CHINESE = ROOT / "README.zh-CN.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = [README, CHINESE, ROOT / "docs" / "guide" / "getting-started.md", ROOT / "CONTRIBUTING.md"]

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


def calls(page: Path) -> Iterator[list[str]]:
    """The words of each `./run ...` in a page's shell blocks and code spans, without comments."""
    lines = "\n".join(code(page)).splitlines() + re.findall(r"`([^`\n]+)`", _FENCE.sub("", _text(page)))
    for line in lines:
        if line.startswith("./run "):
            yield line.partition(" #")[0].split()[1:]


def commands(page: Path) -> set[tuple[tuple[str, ...], frozenset[str]]]:
    """Command and options of each call of ours in a page: (("models", "pull"), {"--json"})."""
    found = set()
    for words in calls(page):
        depth = 2 if words[0] in ("models", "config", "bench") else 1
        options = frozenset(word.partition("=")[0] for word in words if re.match(r"--\w", word))
        if words[0] not in ("test", "check", "--help"):
            found.add((tuple(words[:depth]), options))
    return found


@cache
def help_of(command: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and text of `sharp-eyes COMMAND --help`."""
    done = subprocess.run(
        [sys.executable, "-m", "sharp_eyes", *command, "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


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
def test_every_command_of_the_documents_exists_with_its_options(page: Path) -> None:
    faults = []
    for command, options in sorted(commands(page), key=str):
        status, text = help_of(command)
        if status != 0:
            faults.append(f"sharp-eyes {' '.join(command)}: exit {status}, {text.strip().splitlines()[-1:]}")
        elif missing := sorted(option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)):
            faults.append(f"sharp-eyes {' '.join(command)} has no {', '.join(missing)}")
    assert not faults, "\n".join(faults)


def test_a_command_that_does_not_exist_is_found() -> None:
    assert help_of(("no-such-command",))[0] != 0


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
