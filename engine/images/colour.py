"""Every colour mode to 8-bit sRGB, saying what was done."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engine.messages import Message, declare, translate

declare(
    {
        "image-transparent": translate("engine", "Transparent parts are shown on white."),
        "image-cmyk": translate("engine", "Converted from print colours (CMYK) to RGB."),
        "image-profile": translate("engine", "Colours converted to sRGB from the profile “{profile}”."),
        "image-profile-failed": translate("engine", "The file’s colour profile could not be used; colours may be off."),
        "image-deep": translate("engine", "Reduced from {bits} bits per channel to 8."),
        "image-stretched": translate("engine", "Brightness stretched from the range {low} … {high} to 0 … 255."),
    }
)


def to_srgb(image: Image.Image) -> tuple[Image.Image, list[Message]]:
    """Return the picture in mode RGB, and what had to be done to it."""
    notes: list[Message] = []
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _eight_bits(image, notes)
    profile = image.info.get("icc_profile")
    if _transparent(image):
        rgba = image.convert("RGBA")
        if rgba.getchannel("A").getextrema() != (255, 255):
            notes.append(Message.of("image-transparent"))
        if profile and image.mode in ("RGBA", "RGB", "P"):
            rgb = _managed(rgba.convert("RGB"), profile, notes)
            rgb.putalpha(rgba.getchannel("A"))
            rgba = rgb
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB"), notes
    if image.mode == "CMYK":
        notes.append(Message.of("image-cmyk"))
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    return (_managed(image, profile, notes) if profile else _plain_rgb(image)), notes


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info


def _plain_rgb(image: Image.Image) -> Image.Image:
    """Convert without a profile."""
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
        if converted is not None:
            return converted
    return image.convert("RGB")


def _managed(image: Image.Image, profile: bytes, notes: list[Message]) -> Image.Image:
    """Convert by the file's ICC profile; one that cannot be used is ignored, and that is said."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        name = ImageCms.getProfileDescription(source).strip()
        if image.mode == "RGB" and name.lower().startswith("srgb"):
            return image
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        converted = None
    if converted is None:
        notes.append(Message.of("image-profile-failed"))
        return _plain_rgb(image)
    notes.append(Message.of("image-profile", profile=name or "?"))
    return converted


def _eight_bits(image: Image.Image, notes: list[Message]) -> Image.Image:
    """Scale 16-bit, 32-bit and floating grey to 8 bits: by the range of the type if it has one, else by content."""
    values = np.asarray(image).astype(np.float64)
    low, high = float(values.min()), float(values.max())  # NaN fails every comparison below
    if image.mode.startswith("I;16") or (image.mode == "I" and low >= 0 and 255 < high <= 65535):
        notes.append(Message.of("image-deep", bits=16))
        scaled = np.rint(values / 257)
    elif image.mode == "I" and low >= 0 and high <= 255:
        scaled = values
    elif image.mode == "F" and low >= 0 and high <= 1:
        notes.append(Message.of("image-deep", bits=32))
        scaled = np.rint(values * 255)
    else:
        scaled = _stretched(values, notes)
    grey = Image.fromarray(scaled.astype(np.uint8))
    grey.info = {key: value for key, value in image.info.items() if key != "transparency"}
    return grey


def _stretched(values: NDArray[np.float64], notes: list[Message]) -> NDArray[np.float64]:
    """Bring any finite range to 0–255; what is not a number becomes black."""
    finite = np.isfinite(values)
    low, high = (float(values[finite].min()), float(values[finite].max())) if finite.any() else (0.0, 0.0)
    notes.append(Message.of("image-stretched", low=f"{low:g}", high=f"{high:g}"))
    width = high - low
    return np.rint(np.where(finite, values - low, 0.0) * (255.0 / width if width > 0 else 0.0))
