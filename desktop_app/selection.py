"""What the user points at: one frozen selection for the whole window."""

from dataclasses import dataclass, replace
from typing import Literal

Direction = Literal["from", "to", "class"]
"""From this token to all, from all tokens to this one, or from the class token."""


@dataclass(frozen=True)
class Selection:
    """What the user points at. Replaced, never edited.

    Attributes:
        site: index into the model's sites.
        head: head within the site.
        token: the query token pointed at or pinned; None while the pointer is elsewhere.
        pinned: the token stays when the pointer leaves.
        direction: what is shown of the token.
        mean_heads: the large picture shows the mean over the heads of the site.
        batch: item of the pattern's batch axis.
        layer: index into the model's convolutions.
        channel: feature map within the layer.
    """

    site: int = 0
    head: int = 0
    token: int | None = None
    pinned: bool = False
    direction: Direction = "from"
    mean_heads: bool = False
    batch: int = 0
    layer: int = 0
    channel: int = 0

    def pointing(self, token: int | None) -> "Selection":
        """Return the selection while the pointer is over `token`; a pinned token stays."""
        return self if self.pinned else replace(self, token=token)

    def pin(self, token: int) -> "Selection":
        """Return the selection with `token` pinned; the pinned token again unpins it."""
        if self.pinned and self.token == token:
            return replace(self, pinned=False)
        return replace(self, token=token, pinned=True)

    def unpin(self) -> "Selection":
        """Return the selection with nothing pinned."""
        return replace(self, pinned=False, token=None)
