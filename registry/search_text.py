"""What the catalogue's text search looks at."""

import unicodedata

from core.camera_facts import CameraFacts


def folded(text: str) -> str:
    """`text` as it is compared: compatible forms made one (NFKC), upper and lower case too."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_text(name: str, facts: CameraFacts) -> str:
    """The searched texts of a camera, folded, a line each: name, address, ids, what it is, who looks after it."""
    texts = (
        name,
        facts.address,
        facts.own_id,
        facts.gb_code,
        facts.manufacturer,
        facts.model,
        facts.management_unit,
    )
    return "\n".join(folded(text) for text in texts if text)
