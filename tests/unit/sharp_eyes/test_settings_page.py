"""The reference of the settings says what the settings are."""

from pathlib import Path

from sharp_eyes.settings_page import settings_page

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_the_reference_is_what_the_program_prints() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == settings_page(), (
        "run: ./run config reference > docs/reference/settings.md"
    )


def test_every_setting_says_what_it_is_for() -> None:
    rows = [line.split(" | ") for line in settings_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    assert [row[0] for row in rows if not row[-1].strip(" |")] == []
