"""What a command says of a new subscription, read as the API reads it."""

import json
from typing import Any

from pydantic import ValidationError

from api.problems import fault_in_words
from api.subscription_bodies import NewSubscription
from core.camera import DepartmentId
from core.errors import BadInput
from events.alerts.subscription import Subscription


def wanted_by(terms: dict[str, Any], only: str, department: DepartmentId, zone: str) -> Subscription:
    """The subscription of these `terms`, whose filter is the JSON text `only`. Raises `BadInput` with its field."""
    try:
        asked = json.loads(only)
    except ValueError:
        raise BadInput(
            "--filter is no JSON", field="filter", hint='in a shell, write it as \'{"label": ["person"]}\''
        ) from None
    try:
        return NewSubscription.model_validate({**terms, "filter": asked}).wanted(department, zone)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInput(f"{field}: {fault_in_words(first)}", field=field) from None
