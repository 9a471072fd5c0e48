"""Two ways to say no: a Refusal is a sentence for the reader; everything else is our bug."""


class Refusal(Exception):
    """What was asked cannot be done, for a reason the reader should know; the message is shown as it stands."""

    def __init__(self, message: str, status: int = 409, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code


class Forbidden(Refusal):
    """The reader may know of it but may not do it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, status=403, code="forbidden")


class NotFound(Exception):
    """There is no such thing, or the reader may not know that there is."""
