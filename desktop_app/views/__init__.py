"""Ways of looking at a run. A new one is one file here and one line in `VIEWS`."""

from desktop_app.views.base import View
from desktop_app.views.heads import HeadsView

VIEWS: tuple[type[View], ...] = (HeadsView,)

__all__ = ["VIEWS", "View"]
