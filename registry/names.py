"""What a name may be: of a camera, a zone, a line, a rule, a department, a region."""

from typing import Final

from core.errors import BadInput
from core.wording import check_text

LONGEST_NAME: Final = 128


def check_name(name: str, what: str, *, field: str = "name") -> str:
    """`name` without blanks around it, composed (Unicode NFC). `what` says whose name it is, in the error.

    Raises `BadInput` for an empty name, more than 128 characters, control characters, direction marks or characters
    without width.
    """
    cleaned = check_text(name, f"the name of {what}", field=field, longest=LONGEST_NAME)
    if not cleaned:
        raise BadInput(f"the name of {what} is empty", field=field)
    return cleaned
