"""The one root of our errors. Every message says what happened, where, what was expected and what was found."""


class SharpEyesError(Exception):
    """Root of all errors that Sharp Eyes raises on purpose.

    `message` is for a person and never holds a secret; `hint` says what to do, where that can be said.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(SharpEyesError):
    """Something given to us is not what it must be: a setting, a file, a field of a request.

    `field` names the place (`rules[2].zone`, `api.port`), where there is one.
    """

    def __init__(self, message: str, *, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.field = field


class NotFound(SharpEyesError):
    """What was named does not exist, or not any more."""


class Conflict(SharpEyesError):
    """It cannot be done beside what is already there: a name taken, a row changed in between."""


class Stale(SharpEyesError):
    """It was to be changed as it was read, and somebody has changed it since."""


class Unavailable(SharpEyesError):
    """It cannot be done now, and may be done later: a disk that is full, a database that is away.

    `told` is what whoever asks over the network may know of it, where `message` says how we reach what is away.
    """

    def __init__(self, message: str, *, hint: str | None = None, told: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.told = told


class NotSignedIn(SharpEyesError):
    """Nobody knows who asks: there is no session or key, or it is none of ours, or over."""


class SignInFailed(NotSignedIn):
    """Somebody tried to sign in and was not let in, whatever the reason."""


class Refused(SharpEyesError):
    """Somebody known asked for what is not for them. It goes on record; `kind` and `number` say what it was about."""

    def __init__(
        self,
        message: str,
        *,
        kind: str = "",
        number: str = "",
        camera: int | None = None,
        department: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.number = number
        self.camera = camera
        self.department = department


class Forbidden(Refused):
    """Who asks may know that it is there, and may not do this with it."""


class Hidden(Refused, NotFound):
    """Who asks may not even know that it is there: told in the very words of what does not exist."""


class TooMany(SharpEyesError):
    """Asked too often. `again_s` says when it may be tried again, in seconds."""

    def __init__(self, message: str, *, again_s: float, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.again_s = again_s
