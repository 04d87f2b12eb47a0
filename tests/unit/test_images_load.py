"""Photos of every kind become upright sRGB; everything else gets one sentence."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from engine.errors import EngineError
from engine.images import load
from engine.images.load import MOST_PIXELS, load_photo


def _rgb(rows=30, columns=40):
    """Red left of blue, above a green floor: tells every turn and flip apart."""
    pixels = np.zeros((rows, columns, 3), np.uint8)
    pixels[:, : columns // 2, 0] = 255
    pixels[:, columns // 2 :, 2] = 255
    pixels[2 * rows // 3 :] = (0, 255, 0)
    return Image.fromarray(pixels)


def _bytes(image, kind, **options):
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _codes(photo):
    return [note.code for note in photo.notes]


LOSSLESS = [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {"lossless": True}), ("TIFF", {"compression": "tiff_lzw"})]


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
def test_lossless_formats_give_the_very_pixels(kind, options, tmp_path):
    path = tmp_path / f"una foto ñ.{kind.lower()}"
    path.write_bytes(_bytes(_rgb(), kind, **options))
    photo = load_photo(path)
    assert photo.name == path.name
    assert photo.original_size == (30, 40)
    assert photo.notes == ()
    assert (photo.pixels == np.asarray(_rgb())).all()


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 95}), ("GIF", {}), ("WEBP", {"quality": 90})])
def test_lossy_formats_come_close(kind, options):
    photo = load_photo(_bytes(_rgb(), kind, **options), "x")
    assert np.abs(photo.pixels.astype(int) - np.asarray(_rgb())).mean() < 8


def test_sources():
    data = _bytes(_rgb(), "PNG")
    assert load_photo(BytesIO(data), name="pasted").name == "pasted"
    assert load_photo(data).pixels.shape == (30, 40, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_applied(kind, orientation):
    turns = [None, None, *(Image.Transpose(i) for i in (0, 3, 1, 5, 4, 6, 2))]
    undo = turns[orientation]
    if undo in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270):
        undo = {Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270}.get(undo, Image.Transpose.ROTATE_90)
    stored = _rgb() if undo is None else _rgb().transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = load_photo(_bytes(stored, kind, exif=exif), "turned")
    assert photo.original_size == (30, 40)
    assert np.abs(photo.pixels.astype(int) - np.asarray(_rgb())).mean() < 15
    assert ("image-rotated" in _codes(photo)) == (orientation > 1)


def test_cmyk_without_profile():
    photo = load_photo(_bytes(_rgb().convert("CMYK"), "JPEG", quality=95), "print.jpg")
    assert _codes(photo) == ["image-cmyk"]
    assert np.abs(photo.pixels.astype(int) - np.asarray(_rgb())).mean() < 10


def test_sixteen_bits_are_scaled_not_clipped():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, 0)
    for kind in ("PNG", "TIFF"):
        photo = load_photo(_bytes(Image.fromarray(ramp), kind), "deep")
        assert (photo.pixels[0, :, 0] == np.arange(256)).all(), kind
        assert "image-deep" in _codes(photo)


def test_32_bit_integers_and_floats():
    whole = np.array([[0, 100_000], [50_000, 100_000]], np.int32)
    photo = load_photo(_bytes(Image.fromarray(whole), "TIFF"), "i")
    assert photo.pixels[..., 0].tolist() == [[0, 255], [128, 255]]
    assert _codes(photo) == ["image-stretched"]
    unit = np.array([[0.0, 1.0], [0.5, 0.25]], np.float32)
    assert load_photo(_bytes(Image.fromarray(unit), "TIFF"), "f").pixels[..., 1].tolist() == [[0, 255], [128, 64]]
    odd = np.array([[-1.0, np.nan], [np.inf, 1.0]], np.float32)
    assert load_photo(_bytes(Image.fromarray(odd), "TIFF"), "nan").pixels[..., 2].tolist() == [[0, 0], [0, 255]]


def test_one_bit_grey_and_palette():
    bits = Image.fromarray(np.array([[0, 255], [255, 0]], np.uint8)).convert("1")
    assert load_photo(_bytes(bits, "PNG"), "1").pixels[..., 0].tolist() == [[0, 255], [255, 0]]
    grey = Image.fromarray(np.array([[7, 200]], np.uint8))
    assert load_photo(_bytes(grey, "PNG"), "L").pixels[0].tolist() == [[7] * 3, [200] * 3]
    palette = _rgb().quantize(8)
    assert (load_photo(_bytes(palette, "PNG"), "P").pixels == np.asarray(_rgb())).all()


def test_transparency_becomes_white():
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    clear.putpixel((0, 0), (0, 0, 255, 255))
    clear.putpixel((1, 0), (0, 0, 0, 128))
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})):
        photo = load_photo(_bytes(clear, kind, **options), "clear")
        assert photo.pixels[0, 0].tolist() == [0, 0, 255]
        assert photo.pixels[0, 1].tolist() == [127] * 3
        assert photo.pixels[3, 3].tolist() == [255] * 3
        assert _codes(photo) == ["image-transparent"]
    grey = Image.new("LA", (2, 2), (0, 0))
    assert load_photo(_bytes(grey, "PNG"), "LA").pixels.min() == 255
    indexed = Image.new("P", (2, 2), 0)
    indexed.putpalette([10, 20, 30, 40, 50, 60])
    indexed.putpixel((0, 0), 1)
    photo = load_photo(_bytes(indexed, "PNG", transparency=0), "P")
    assert photo.pixels[0, 0].tolist() == [40, 50, 60]
    assert photo.pixels[1, 1].tolist() == [255] * 3
    keyed = Image.new("RGB", (2, 1), (1, 2, 3))
    keyed.putpixel((0, 0), (9, 9, 9))
    photo = load_photo(_bytes(keyed, "PNG", transparency=(1, 2, 3)), "RGB")
    assert photo.pixels[0].tolist() == [[9, 9, 9], [255, 255, 255]]


def test_an_opaque_alpha_channel_is_not_worth_a_word():
    assert load_photo(_bytes(_rgb().convert("RGBA"), "PNG"), "x").notes == ()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_the_first_of_several_frames(kind):
    frames = [Image.new("RGB", (5, 5), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    options = {"lossless": True} if kind == "WEBP" else {}
    photo = load_photo(_bytes(frames[0], kind, save_all=True, append_images=frames[1:], **options), "moving")
    assert photo.pixels[2, 2].tolist() == [250, 0, 0]
    assert _codes(photo) == ["image-first-frame"]


def test_a_colour_profile_is_followed():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wrong = load_photo(_bytes(_rgb(), "PNG", icc_profile=lab), "wrong profile")
    assert _codes(wrong) == ["image-profile-failed"]
    assert (wrong.pixels == np.asarray(_rgb())).all()
    broken = load_photo(_bytes(_rgb(), "PNG", icc_profile=b"nonsense"), "broken profile")
    assert _codes(broken) == ["image-profile-failed"]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert load_photo(_bytes(_rgb(), "PNG", icc_profile=srgb), "srgb").notes == ()
    swapped = load_photo(_bytes(_rgb(), "PNG", icc_profile=_swapping_profile(srgb)), "swapped")
    assert _codes(swapped) == ["image-profile"]
    # what the file calls red is this profile's blue
    assert swapped.pixels[0, 0].argmax() == 2
    assert swapped.pixels[0, -1].argmax() == 0


def _swapping_profile(srgb):
    """The sRGB profile with its red and blue primaries exchanged, and another name."""
    profile = bytearray(srgb.replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be")).replace(b"sRGB", b"Swap"))
    tags = {}
    for i in range(struct.unpack(">I", profile[128:132])[0]):
        at = 132 + 12 * i
        tags[bytes(profile[at : at + 4])] = at
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def test_one_pixel():
    photo = load_photo(_bytes(Image.new("RGB", (1, 1), (1, 2, 3)), "PNG"), "dot")
    assert photo.pixels.tolist() == [[[1, 2, 3]]]


def _png_header(rows, columns):
    """A PNG that promises a size and holds nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_huge_image_is_refused_by_its_header():
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(EngineError) as caught:
        load_photo(_png_header(60_000, 60_000), "huge.png")
    assert caught.value.code == "image-too-large"
    assert "60000 × 60000" in str(caught.value)
    assert f"{MOST_PIXELS // 10**6} million" in str(caught.value)
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_photo_is_reduced_and_that_is_said(kind, monkeypatch):
    monkeypatch.setattr(load, "KEPT_PIXELS", 400)
    photo = load_photo(_bytes(_rgb(60, 80), kind), "large")
    assert photo.pixels.shape[0] * photo.pixels.shape[1] <= 400
    assert photo.original_size == (60, 80)
    assert _codes(photo) == ["image-reduced"]
    assert photo.pixels[0, 0].argmax() == 0
    assert photo.pixels[-1, 0].argmax() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image-empty"),
        (b"just some text, saved under the wrong name\n" * 9, "image-unknown"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "image-unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image-unknown"),
        (_png_header(10, 10), "image-damaged"),
        (_bytes(_rgb(200, 200), "JPEG")[:900], "image-damaged"),
        (_bytes(_rgb(200, 200), "PNG")[:120], "image-damaged"),
        (_bytes(_rgb(), "TIFF")[:300], "image-damaged"),
    ],
)
def test_what_is_not_an_image_gets_its_sentence(data, code):
    with pytest.raises(EngineError) as caught:
        load_photo(data, "bad.png")
    assert caught.value.code == code
    assert "“bad.png”" in str(caught.value)


def test_missing_folder_and_unreadable(tmp_path, monkeypatch):
    with pytest.raises(EngineError) as caught:
        load_photo(tmp_path / "no.png")
    assert caught.value.code == "file-missing"
    with pytest.raises(EngineError) as caught:
        load_photo(tmp_path)
    assert caught.value.code == "image-is-folder"
    with pytest.raises(EngineError) as caught:
        load_photo("a\0b.png")
    assert caught.value.code == "file-failed"
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")

    def denied(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", denied)  # the tests may run as root, who may read everything
    with pytest.raises(EngineError) as caught:
        load_photo(path)
    assert caught.value.code == "file-unreadable"


SEEDS = [_bytes(_rgb(), kind) for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")]


@given(st.sampled_from(SEEDS), st.data())
def test_damage_never_raises_anything_else(seed, data):
    damaged = bytearray(seed[: data.draw(st.integers(1, len(seed)))])
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(EngineError):
        photo = load_photo(bytes(damaged), "fuzzed")
        assert photo.pixels.dtype == np.uint8
        assert photo.pixels.shape[2] == 3
