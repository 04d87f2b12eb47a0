"""The words of the feature maps view."""

from PySide6.QtCore import QCoreApplication

from desktop_app.i18n import lookup
from desktop_app.views.feature_maps_data import FeatureData, Floats, MapNumbers
from engine import ConvLayer
from engine.effective import Effective
from engine.feature_maps import MapStatistics, Order

translate = QCoreApplication.translate


def order(by: Order) -> str:
    """Return the name of an order of maps."""
    return {
        "index": translate("FeatureMaps", "in their own order"),
        "mean": translate("FeatureMaps", "by mean"),
        "max": translate("FeatureMaps", "by largest number"),
        "variance": translate("FeatureMaps", "by variance"),
        "zeros": translate("FeatureMaps", "by share of zeros"),
        "contribution": translate("FeatureMaps", "by contribution to a class"),
    }[by]


def title(layer: ConvLayer) -> str:
    """Return which layer is shown."""
    return translate("FeatureMaps", "Layer {index}: {name}").format(index=layer.index, name=layer.name)


def about(data: FeatureData) -> str:
    """Return the sizes of a layer in one line."""
    layer = data.layer
    rows, columns = data.maps.shape[1:]
    text = translate("FeatureMaps", "{maps} maps of {rows} × {columns}; kernel {kernel}, stride {stride}.")
    text = text.format(maps=len(data.maps), rows=rows, columns=columns, kernel=kernel(layer), stride=by(layer.stride))
    return f"{text} {sees(layer)}".strip()


def sees(layer: ConvLayer) -> str:
    """Return how much of the image a unit can see."""
    field = layer.receptive
    if field is None:
        return ""
    if any(axis.gone for axis in field.axes):
        return translate("FeatureMaps", "Every unit sees the whole image.")
    text = translate("FeatureMaps", "A unit sees {size} pixels.")
    if field.whole:
        text = translate("FeatureMaps", "A unit sees {size} pixels, and through a gate the whole image.")
    return text.format(size=by(field.size))


def by(sizes: tuple[float, ...]) -> str:
    """Return sizes such as "3 × 3"."""
    return " × ".join("∞" if size == float("inf") else f"{size:g}" for size in sizes)


def kernel(layer: ConvLayer) -> str:
    """Return a kernel's size, and its dilation and groups where it has any."""
    parts = [by(layer.kernel)]
    if any(step != 1 for step in layer.dilation):
        parts.append(translate("FeatureMaps", "dilated {by}").format(by=by(layer.dilation)))
    if layer.groups == layer.in_channels and layer.groups > 1:
        parts.append(translate("FeatureMaps", "depthwise"))
    elif layer.groups > 1:
        parts.append(translate("FeatureMaps", "{groups} groups").format(groups=layer.groups))
    return ", ".join(parts)


def numbers(channel: int, of: MapNumbers) -> str:
    """Return the numbers of a map in one line."""
    found = of.found
    if found.dead[channel]:
        text = translate("FeatureMaps", "Map {map} is the same everywhere on this image: {value}.")
        return text.format(map=channel, value=signed(found.mean[channel]))
    text = translate("FeatureMaps", "Map {map}: mean {mean}, from {low} to {high}.")
    low, high = signed(of.low[channel]), signed(of.high[channel])
    return text.format(map=channel, mean=signed(found.mean[channel]), low=low, high=high)


def more_numbers(channel: int, of: MapNumbers) -> str:
    """Return further numbers of a map in one line."""
    text = translate("FeatureMaps", "Variance {variance}; {share} % above zero, {zeros} % zeros.")
    shares = {"share": f"{100 * of.positive[channel]:.0f}", "zeros": f"{100 * of.found.zeros[channel]:.0f}"}
    return text.format(variance=f"{of.found.variance[channel]:.4g}", **shares)


def contribution(data: FeatureData, target: int, label: str) -> str:
    """Return what the chosen map adds to a class; empty where these maps are not averaged for the classes."""
    if data.contribute is None:
        return ""
    text = translate("FeatureMaps", "It adds {value} to the logit of “{label}”.")
    return text.format(value=f"{float(data.contribute(target)[data.channel]):+.4g}".replace("-", "−"), label=label)


def overview(data: FeatureData, how: Order) -> str:
    """Return what the mosaic shows."""
    return translate("FeatureMaps", "{count} maps {order}.").format(count=len(data.maps), order=order(how))


def silent(of: MapNumbers) -> str:
    """Return how many maps tell nothing, and of which images that is known."""
    text = translate("FeatureMaps", "Dead: {dead}; nowhere above zero: {shut}. {where}")
    dead, shut = int(of.found.dead.sum()), int((of.shut & ~of.found.dead).sum())
    return text.format(dead=dead, shut=shut, where=of.found.message().text(lookup))


def dead(of: MapNumbers, folder: MapStatistics) -> str:
    """Return how many maps are the same everywhere, on this image and on every picture of a folder, and which."""
    places = [str(i) for i in folder.dead.nonzero()[0][:4]]
    which = f" ({', '.join(places)}{'…' if folder.dead.sum() > len(places) else ''})" if places else ""
    text = translate("FeatureMaps", "Dead here: {here}; on every picture: {dead}{which}. {where}")
    where = folder.message().text(lookup)
    return text.format(here=int(of.found.dead.sum()), dead=int(folder.dead.sum()), which=which, where=where)


def unit(data: FeatureData, place: tuple[int, int] | None, value: float | None) -> str:
    """Return what the pointed-at unit says and sees; what to do while none is pointed at."""
    if place is None or value is None:
        return translate("FeatureMaps", "Point at a place to see what that unit can see of the image.")
    text = translate("FeatureMaps", "Row {row}, column {column}: {value}.")
    out = text.format(row=place[0], column=place[1], value=signed(value, 6))
    seen = data.seen(*place)
    if seen is None or data.size is None:
        return out
    left, top, right, bottom = (signed(edge) for edge in _inclusive(seen.image))
    text = translate(
        "FeatureMaps", "It can see rows {top} to {bottom} and columns {left} to {right} of {rows} × {columns} pixels."
    )
    told = text.format(top=top, bottom=bottom, left=left, right=right, rows=data.size[0], columns=data.size[1])
    return f"{out} {told}"


def effective(found: Effective) -> str:
    """Return what the colours show while a unit is measured, and how far that is."""
    text = translate("FeatureMaps", "How much the unit changes while a place is hidden ({count}).")
    return text.format(count=found.asked)


def effective_area(found: Effective) -> str:
    """Return how large the effective field is beside the possible one."""
    left, top, right, bottom = found.box
    text = translate("FeatureMaps", "{held} % of the change: in {rows} × {columns} pixels, {area} % of the field.")
    sizes = {"rows": bottom - top, "columns": right - left, "area": f"{100 * found.area:.0f}"}
    return text.format(held=f"{100 * found.held:.0f}", **sizes)


def _inclusive(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return box[0], box[1], box[2] - 1, box[3] - 1


def signed(value: float, digits: int = 4) -> str:
    """Return a number with a true minus sign."""
    return f"{value:.{digits}g}".replace("-", "−")


def tip(channel: int, of: MapNumbers) -> str:
    """Return the tooltip of a small map."""
    return f"{numbers(channel, of)} {more_numbers(channel, of)}" if channel < len(of.low) else ""


def kernels(data: FeatureData, kernel: Floats | None, *, pictures: bool, each: bool) -> str:
    """Return what the mosaic of kernels shows."""
    if kernel is None:
        return translate("FeatureMaps", "The kernels are being read…")
    count, inputs = kernel.shape[:2]
    if pictures:
        text = translate("FeatureMaps", "{count} kernels over the image’s colours; grey is zero.")
        return text.format(count=count)
    if each:
        return translate("FeatureMaps", "{count} kernels, one for each map.").format(count=count)
    text = translate("FeatureMaps", "The kernel of map {map}, over each of its {inputs} inputs.")
    return text.format(map=data.channel, inputs=inputs)


def kernel_scale(*, each: bool) -> str:
    """Return what the colours of the kernels mean."""
    if each:
        return translate("FeatureMaps", "Each kernel has its own scale.")
    return translate("FeatureMaps", "All share one scale.")


def kernel_tip(data: FeatureData, kernel: Floats | None, number: int, *, each: bool) -> str:
    """Return the tooltip of a small kernel."""
    if kernel is None or not 0 <= number < kernel.shape[0 if each else 1]:
        return ""
    values = kernel[number] if each else kernel[data.channel, number]
    low, high = signed(values.min()), signed(values.max())
    if each:
        text = translate("FeatureMaps", "Kernel of map {map}: from {low} to {high}")
        return text.format(map=number, low=low, high=high)
    text = translate("FeatureMaps", "Kernel of map {map} over input {input}: from {low} to {high}")
    return text.format(map=data.channel, input=number, low=low, high=high)
