"""One graph in which every head can be turned down: what a head gives is multiplied by a number that is an input."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx_ir as ir
from numpy.typing import NDArray

from engine.graph.cone import as_taken
from engine.graph.read import read_model
from engine.model.description import ModelDescription, TensorInfo
from engine.runtime.interventions.edits import Edit
from engine.runtime.interventions.rewrite import rewrite, times_heads
from engine.runtime.interventions.surgery import Surgeon
from engine.runtime.neutral import complete
from engine.runtime.session import Session

Array = NDArray[np.generic]


def input_of(site: int) -> str:
    """Return the name of the input that holds the numbers of a site's heads, (head,)."""
    return f"mirada.gains.{site}"


def with_gains(path: Path, original: ModelDescription, edits: tuple[Edit, ...]) -> tuple[bytes, tuple[int, ...]]:
    """Return the model's bytes with an input for each site's heads, and which sites have one.

    Each is 1 where it is not given. Sites whose heads lie in no tensor of the graph have none.

    Raises:
        EngineError: the file cannot be read, or an intervention cannot be made.
    """
    model = read_model(path, as_taken(original.choices))
    rewrite(model, original, edits)
    surgeon, found = Surgeon(model, "mirada.gained"), list[int]()
    for site in original.sites:
        output = site.plan.output
        value = None if output is None else surgeon.find(output.value)
        if output is None or value is None:
            continue
        gains = _input(surgeon, input_of(site.index), site.heads)
        uses = surgeon.uses(value)

        def shaped(shape: list[int], like: ir.Value, gains: ir.Value = gains) -> ir.Value:
            target = surgeon.constant(np.array(shape, np.int64))
            return surgeon.cast(surgeon.apply(like, "Reshape", [gains, target]), like)

        new = times_heads(surgeon, value, output, site.heads, shaped, dict(site.plan.factor_sizes))
        surgeon.replace(value, uses, new)
        found.append(site.index)
    surgeon.finish()
    return bytes(ir.to_proto(model).SerializeToString()), tuple(found)


def _input(surgeon: Surgeon, name: str, heads: int) -> ir.Value:
    """Add an input that is 1 for every head where it is not given."""
    value = ir.Value(name=name, const_value=ir.tensor(np.ones(heads, np.float32), name=name))
    value.shape, value.type = ir.Shape([heads]), ir.TensorType(ir.DataType.FLOAT)
    surgeon.graph.inputs.append(value)
    surgeon.graph.register_initializer(value)
    return value


class Gained:
    """Plain inference with what each head gives multiplied by a number.

    Attributes:
        sites: indices of the sites whose heads can be turned down.
    """

    def __init__(
        self,
        session: Session,
        sites: tuple[int, ...],
        inputs: tuple[TensorInfo, ...],
        outputs: Sequence[str],
        seen: Callable[[Mapping[str, Array]], Mapping[str, Array]],
    ) -> None:
        self.sites = sites
        self._session, self._inputs, self._outputs, self._seen = session, inputs, tuple(outputs), seen

    def __call__(self, feeds: Mapping[str, Array], gains: Mapping[int, NDArray[np.float32]]) -> dict[str, Array]:
        """Return the model's outputs.

        Args:
            feeds: arrays by input name.
            gains: site index -> what each of its heads is multiplied by, (head,); 1 where a site is not named.

        Raises:
            EngineError: a site has no such input, or the runtime refuses.
        """
        told = {input_of(site): np.asarray(array, np.float32) for site, array in gains.items()}
        return self._session.run({**self._seen(complete(self._inputs, feeds)), **told}, self._outputs)
