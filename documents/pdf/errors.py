from ..failures import Failure


class RenderError(Exception):
    """A print that must not be handed out. `detail` says what of it, in no language of ours."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(f"{failure.label}: {detail}")
        self.failure, self.detail = failure, detail
