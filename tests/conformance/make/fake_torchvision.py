"""timm imports torchvision for transforms and data sets that no exported network needs; this stands in for it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import ClassVar

_NAMES = ("transforms", "transforms.functional", "ops", "ops.misc", "datasets", "models", "models.feature_extraction")


class _Hollow(ModuleType):
    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (_Anything,), {})


class _AnyAttribute(type):
    def __getattr__(cls, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class _Anything(metaclass=_AnyAttribute):
    """A class whose every attribute exists (InterpolationMode.BILINEAR, …)."""


@contextlib.contextmanager
def fake_torchvision() -> Iterator[None]:
    names = ["torchvision", *(f"torchvision.{name}" for name in _NAMES)]
    modules = {name: _Hollow(name) for name in names}
    for name, module in modules.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(modules[parent], child, module)
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
