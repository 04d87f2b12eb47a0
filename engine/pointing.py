"""From numbers that a person types to a site, a head and a token; each wrong one gets its valid range."""

from engine.attention import Direction, class_token, grid_of
from engine.errors import EngineError, declare_errors
from engine.messages import translate
from engine.model.description import ModelDescription
from engine.runtime.run import Run
from engine.sites.site import AttentionSite

declare_errors(
    {
        "no-sites": translate("engine", "No attention was found in “{name}”."),
        "no-sites.advice": translate(
            "engine", "Inspect it: the softmaxes that were not taken are listed with the reason."
        ),
        "site-missing": translate("engine", "“{name}” has no site {index}."),
        "site-missing.advice": translate("engine", "Its sites are 0 to {last}."),
        "head-missing": translate("engine", "Site {site} has no head {index}."),
        "head-missing.advice": translate("engine", "Its heads are 0 to {last}."),
        "token-missing": translate("engine", "Site {site} has no token {index} here."),
        "token-missing.advice": translate("engine", "Its tokens are 0 to {last}."),
        "patch-missing": translate("engine", "Site {site} has no patch in row {row}, column {column}."),
        "patch-missing.advice": translate("engine", "Its rows are 0 to {last_row}, its columns 0 to {last_column}."),
        "patches-unknown": translate("engine", "The tokens of site {site} do not lie on the image as a patch grid."),
        "patches-unknown.advice": translate("engine", "Give the number of the token, from 0 to {last}."),
    }
)


def find_site(model: ModelDescription, index: int | None) -> AttentionSite:
    """Return a site by its number; None means the last.

    Raises:
        EngineError: there is no such site.
    """
    if not model.sites:
        raise EngineError("no-sites", name=model.name)
    if index is None:
        return model.sites[-1]
    if not 0 <= index < len(model.sites):
        raise EngineError("site-missing", name=model.name, index=index, last=len(model.sites) - 1)
    return model.sites[index]


def check_head(site: AttentionSite, head: int) -> int:
    """Return the head.

    Raises:
        EngineError: the site has no such head.
    """
    if not 0 <= head < site.heads:
        raise EngineError("head-missing", site=site.index, index=head, last=site.heads - 1)
    return head


def find_token(run: Run, site: AttentionSite, query: int | tuple[int, int] | None, direction: Direction) -> int:
    """Return a token by its number or by (row, column) of its patch; for "class" the class token.

    Raises:
        EngineError: the site has no such token, patch or class token.
    """
    if direction == "class":
        first = class_token(run, site)
        if first is None:
            raise EngineError("no-class-token", site=site.index)
        return first
    shape = run.pattern_shape(site)
    tokens = shape[3] if direction == "to" else shape[2]
    if isinstance(query, tuple):
        grid = grid_of(run, site, keys=direction == "to")
        if grid is None:
            raise EngineError("patches-unknown", site=site.index, last=tokens - 1)
        row, column = query
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            last = {"last_row": grid.rows - 1, "last_column": grid.columns - 1}
            raise EngineError("patch-missing", site=site.index, row=row, column=column, **last)
        return grid.token_at(row, column)
    token = 0 if query is None else query
    if not 0 <= token < tokens:
        raise EngineError("token-missing", site=site.index, index=token, last=tokens - 1)
    return token
