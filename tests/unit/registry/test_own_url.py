"""Where others find this server: paths are added to it, so it must be an address and nothing more."""

import pytest
from pydantic import TypeAdapter, ValidationError

from registry.own_url import OwnUrl

READ: TypeAdapter[str] = TypeAdapter(OwnUrl)


def test_a_slash_at_its_end_goes_so_that_paths_can_be_added() -> None:
    assert READ.validate_python("https://eyes.city.example/") == "https://eyes.city.example"


@pytest.mark.parametrize(
    "text",
    ["eyes.city.example", "ftp://eyes", "https://me@eyes", "https://eyes/?a=1", "https://eyes/#a", "https://a b"],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="expected an address"):
        READ.validate_python(text)
