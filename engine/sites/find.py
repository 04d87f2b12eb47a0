"""All attention of a graph, in execution order: every finder asked, every softmax accounted for."""

import re
from collections.abc import Callable, Iterator

from engine.graph.graph import Graph
from engine.sites.additive import find_additive
from engine.sites.attention_op import find_attention_op
from engine.sites.candidate import Candidate, Finding, Miss
from engine.sites.grouped_query import find_grouped_query
from engine.sites.multi_head import find_multi_head
from engine.sites.nested import find_nested
from engine.sites.packed_attention import find_packed_attention
from engine.sites.site import AttentionSite, NearMiss
from engine.sites.softmax import find_softmax

Finder = Callable[[Graph], Iterator[Finding]]

FINDERS: tuple[Finder, ...] = (
    find_softmax,
    find_attention_op,
    find_packed_attention,
    find_multi_head,
    find_grouped_query,
    find_additive,
    find_nested,
)
"""Each way that graphs spell attention; a new one is one file and one line here."""


def find_sites(graph: Graph) -> tuple[tuple[AttentionSite, ...], tuple[NearMiss, ...]]:
    """Return the attention sites in execution order, and what looked like attention and is not."""
    findings = [found for finder in FINDERS for found in finder(graph)]
    if any(isinstance(found, Miss) and _lacks_shapes(graph, found) for found in findings):
        graph.infer()
        findings = [found for finder in FINDERS for found in finder(graph)]
    findings.sort(key=lambda found: graph.order.get(found.anchor, 0))
    taken = {found.anchor for found in findings if isinstance(found, Candidate)}
    findings = [found for found in findings if isinstance(found, Candidate) or found.anchor not in taken]
    candidates = [found for found in findings if isinstance(found, Candidate)]
    names = _names(candidates)
    sites = tuple(
        AttentionSite(
            name=name,
            index=index,
            kind=found.kind,
            heads=found.heads,
            op=found.op,
            scale=found.scale,
            causal=None,
            factored=found.plan.query is not None and found.plan.key is not None and found.plan.replayed,
            nodes=tuple(node.name or "" for node in found.nodes),
            query_tokens=found.query_tokens,
            key_tokens=found.key_tokens,
            head_dim=found.head_dim,
            plan=found.plan,
        )
        for index, (name, found) in enumerate(zip(names, candidates, strict=True))
    )
    return sites, tuple(found.near_miss for found in findings if isinstance(found, Miss))


def _lacks_shapes(graph: Graph, miss: Miss) -> bool:
    """Whether a softmax may have been passed over only because the graph does not tell its rank."""
    code = miss.near_miss.reason.code
    told = code in ("miss-branch", "miss-loop", "miss-turns") or graph.shape(miss.anchor.outputs[0]) is not None
    return code == "miss-shape" or not told


def _names(candidates: list[Candidate]) -> list[str]:
    """Short unique names: the softmax's scope in the module tree where the exporter kept it, else a number."""
    scopes = [_scope(found.anchor.name or "") for found in candidates]
    usable = all(scopes) and len(set(scopes)) == len(scopes)
    return [scope if usable else f"attention {i}" for i, scope in enumerate(scopes)]


def _scope(name: str) -> str:
    """Turn a node name such as /blocks/blocks.0/attn/Softmax into blocks.0.attn."""
    parts = [part for part in name.split("/")[:-1] if part]
    kept: list[str] = []
    for part in parts:
        if kept and (part == kept[-1] or part.startswith(f"{kept[-1]}.")):
            kept[-1] = part  # "blocks", "blocks.0" say the same twice
        else:
            kept.append(part)
    return re.sub(r"\.(attn|attention|self)\.\1", r".\1", ".".join(kept))
