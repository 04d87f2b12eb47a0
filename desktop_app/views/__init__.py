"""Ways of looking at a run. A new one is one file here and one line in `VIEWS`."""

from desktop_app.views.base import View
from desktop_app.views.compare import CompareView
from desktop_app.views.compare_damage import DamageView
from desktop_app.views.compare_depth import DepthView
from desktop_app.views.compare_layers import LayersView
from desktop_app.views.cross_attention import CrossAttentionView
from desktop_app.views.evidence import EvidenceView
from desktop_app.views.feature_maps import FeatureMapsView
from desktop_app.views.generation import GenerationView
from desktop_app.views.heads import HeadsView
from desktop_app.views.metrics import MetricsView
from desktop_app.views.microscope import MicroscopeView
from desktop_app.views.patches import PatchesView
from desktop_app.views.positions import PositionsView
from desktop_app.views.rollout import RolloutView
from desktop_app.views.softmax import SoftmaxView
from desktop_app.views.tokens import TokensView
from desktop_app.views.whatif import WhatIfView

VIEWS: tuple[type[View], ...] = (
    HeadsView,
    TokensView,
    CrossAttentionView,
    GenerationView,
    MicroscopeView,
    SoftmaxView,
    MetricsView,
    RolloutView,
    FeatureMapsView,
    EvidenceView,
    PatchesView,
    PositionsView,
    WhatIfView,
    CompareView,
    DepthView,
    LayersView,
    DamageView,
)

__all__ = ["VIEWS", "View"]
