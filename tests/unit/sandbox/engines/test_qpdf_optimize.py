from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, PdfImage
from PIL import Image, ImageDraw

from connector.sandbox.engines.pdf.profiles import PROFILES
from connector.sandbox.engines.pdf.xobjects import jpeg_xobject
from connector.sandbox.engines.qpdf import Qpdf
from tests.unit.sandbox.engines.papers import opened, pdf, pictured, seen, texts
from tests.unit.sandbox.engines.workbench import run

ENGINE = Qpdf()


def photo(side: int = 1200) -> Image.Image:
    """Soft colours with some noise, as cameras make them."""
    waves = [Image.radial_gradient("L"), Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90)]
    bands = [Image.blend(wave.resize((side, side)), Image.effect_noise((side, side), 40), 0.15) for wave in waves]
    return Image.merge("RGB", bands)


def scan(side: int = 1600) -> Image.Image:
    """A page of black text on white paper, in colour."""
    image = Image.new("RGB", (side, side), (252, 252, 250))
    draw = ImageDraw.Draw(image)
    for line in range(100, side - 100, 60):
        draw.text((100, line), "The quick brown fox jumps over the lazy dog " * 2, fill=(10, 10, 12), font_size=30)
    return image


def optimized(source: Path, profile: str = "web", **options: object) -> Path:
    return run(ENGINE, "optimize", source, profile=profile, **options).path


@dataclass
class Picture:
    """The first picture of a PDF as it lies in the file: packed bytes, and the mask's if it has one."""

    width: int
    packing: str
    space: str
    raw: bytes
    mask: bytes | None

    @classmethod
    def of(cls, path: Path) -> Picture:
        with opened(path) as document:
            item = document.pages[0].obj.Resources.XObject.Im0
            mask = item.SMask.read_bytes() if Name.SMask in item else None
            return cls(int(item.Width), str(item.Filter), str(item.ColorSpace), item.read_raw_bytes(), mask)


def facts(path: Path) -> tuple[object, ...]:
    picture = Picture.of(path)
    return picture.width, picture.packing, picture.space


def pixels(path: Path) -> bytes:
    with opened(path) as document:
        return PdfImage(document.pages[0].obj.Resources.XObject.Im0).as_pil_image(apply_mask=False).tobytes()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of 1200 pixels on 4 inches: 300 dots per inch, packed without loss."""
    return pictured(tmp_path_factory.mktemp("photos") / "in.pdf", photo(), size=(288, 288))


@pytest.mark.parametrize(
    ("profile", "wanted"),
    [
        ("web", (600, "/DCTDecode", "/DeviceRGB")),
        ("print", (1200, "/DCTDecode", "/DeviceCMYK")),
        ("archive", (1200, "/FlateDecode", "/DeviceRGB")),
        ("mrc", (800, "/DCTDecode", "/DeviceRGB")),
        ("max", (288, "/DCTDecode", "/DeviceRGB")),
    ],
)
def test_each_profile_does_what_it_promises(photos: Path, profile: str, wanted: tuple[object, ...]) -> None:
    assert facts(optimized(photos, profile)) == wanted


def test_the_profiles_differ_in_size_in_the_promised_order(photos: Path) -> None:
    size = {profile: optimized(photos, profile).stat().st_size for profile in PROFILES}
    assert size["max"] < size["web"] < size["print"] < size["archive"] <= photos.stat().st_size
    assert size["max"] < size["mrc"] < size["print"]


@pytest.mark.parametrize("profile", PROFILES)
def test_pages_look_nearly_the_same_afterwards(photos: Path, profile: str) -> None:
    before, after = seen(photos), seen(optimized(photos, profile))
    tolerance = 65 if profile == "print" else 25  # ink cannot show every colour of a screen
    for point in ((30, 30), (144, 144), (250, 100)):
        assert after.getpixel(point) == pytest.approx(before.getpixel(point), abs=tolerance)


def test_archive_keeps_every_pixel(photos: Path) -> None:
    assert pixels(optimized(photos, "archive")) == pixels(photos)


def jpeg(folder: Path, image: Image.Image, quality: int) -> Path:
    """The picture on a page, as a JPEG that was packed before."""
    with opened(pictured(folder / "lossless.pdf", image, size=(288, 288))) as document:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        document.pages[0].obj.Resources.XObject.Im0 = document.make_indirect(
            jpeg_xobject(document, buffer.getvalue(), "RGB", image.size)
        )
        document.save(folder / "jpeg.pdf")
    return folder / "jpeg.pdf"


@pytest.mark.parametrize(("quality", "space", "warned"), [(90, "/DeviceCMYK", False), (20, "/DeviceRGB", True)])
def test_print_turns_photos_into_cmyk_unless_they_would_grow(
    tmp_path: Path, quality: int, space: str, warned: bool
) -> None:
    done = run(ENGINE, "optimize", jpeg(tmp_path, photo(), quality), profile="print")
    assert facts(done.path)[2] == space
    assert any("stayed in RGB" in warning for warning in done.warnings) == warned


def test_mrc_turns_scanned_text_into_black_and_white(tmp_path: Path) -> None:
    source = pictured(tmp_path / "in.pdf", scan())
    path = optimized(source, "mrc")
    assert (facts(path)[0], facts(path)[1]) == (1600, "/CCITTFaxDecode")
    assert path.stat().st_size < optimized(source, "web").stat().st_size / 2
    assert (seen(path).getpixel((5, 5)), seen(path).convert("L").getextrema()[0] < 100) == ((255, 255, 255), True)


def test_mrc_leaves_small_pictures_as_good_as_they_were(tmp_path: Path) -> None:
    source = pictured(tmp_path / "in.pdf", photo(400), shown=(96, 96))
    assert pixels(optimized(source, "mrc")) == pixels(source)


def test_quality_and_colorspace_win_over_the_profile(photos: Path) -> None:
    low, high = (optimized(photos, quality=quality).stat().st_size for quality in (20, 90))
    assert low < high / 2
    assert facts(optimized(photos, colorspace="grayscale"))[2] == "/DeviceGray"
    assert facts(optimized(photos, "print", colorspace="unchanged"))[2] == "/DeviceRGB"


def test_the_largest_showing_decides_over_the_pixels(tmp_path: Path) -> None:
    with opened(pictured(tmp_path / "one.pdf", photo(600), size=(288, 288), shown=(36, 36))) as document:
        page = document.pages[0]
        form = document.make_stream(b"q 2 0 0 2 0 0 cm /Im0 Do Q")
        form.stream_dict = Dictionary(
            Subtype=Name.Form, BBox=[0, 0, 288, 288], Matrix=[72, 0, 0, 72, 0, 0], Resources=page.obj.Resources
        )
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=page.obj.Resources.XObject.Im0, Fm0=form))
        page.contents_add(b" /Fm0 Do")
        document.save(tmp_path / "in.pdf")
    assert facts(optimized(tmp_path / "in.pdf"))[0] == 300


@pytest.mark.parametrize("profile", PROFILES)
def test_a_file_never_grows(tmp_path: Path, profile: str) -> None:
    source = pdf(tmp_path / "in.pdf", "tiny", linearize=False)
    once = optimized(source, profile)
    twice = optimized(once, profile)
    assert twice.stat().st_size <= once.stat().st_size <= source.stat().st_size
    assert texts(twice) == ["tiny"]


def special(folder: Path, **changes: object) -> Path:
    """A photo whose picture is of a kind that must not be touched."""
    path = pictured(folder / "in.pdf", photo(400), size=(96, 96))
    with opened(path) as document:
        image = document.pages[0].obj.Resources.XObject.Im0
        for key, value in changes.items():
            image[f"/{key}"] = value
        document.save(folder / "special.pdf")
    return folder / "special.pdf"


@pytest.mark.parametrize(
    "changes", [{"Decode": Array([1, 0] * 3)}, {"Mask": Array([0, 10] * 3)}, {"BitsPerComponent": 4, "Width": 800}]
)
def test_pictures_that_would_change_are_skipped(tmp_path: Path, changes: dict[str, object]) -> None:
    source = special(tmp_path, **changes)
    assert Picture.of(optimized(source)).raw == Picture.of(source).raw


def test_cmyk_jpegs_are_skipped(tmp_path: Path) -> None:
    with opened(pictured(tmp_path / "a.pdf", photo(400), size=(96, 96))) as document:
        buffer = io.BytesIO()
        photo(400).convert("CMYK").save(buffer, "JPEG", quality=98)
        document.pages[0].obj.Resources.XObject.Im0 = document.make_indirect(
            jpeg_xobject(document, buffer.getvalue(), "CMYK", (400, 400))
        )
        document.save(tmp_path / "in.pdf")
    assert Picture.of(optimized(tmp_path / "in.pdf", "max")).raw == buffer.getvalue()


def test_transparency_is_kept_exactly(tmp_path: Path) -> None:
    glass = photo(800).convert("RGBA")
    glass.putalpha(Image.radial_gradient("L").resize((800, 800)))
    source = pictured(tmp_path / "in.pdf", glass, size=(192, 192))
    before, after = Picture.of(source), Picture.of(optimized(source))
    assert after.width == 400
    assert after.mask == before.mask is not None


def test_a_picture_is_never_replaced_by_a_larger_one(tmp_path: Path) -> None:
    flat = pictured(tmp_path / "in.pdf", Image.new("RGB", (400, 400), (10, 200, 30)), size=(96, 96))
    assert len(Picture.of(optimized(flat, "print")).raw) <= len(Picture.of(flat).raw)


def test_web_shows_the_first_page_early_and_drops_previews(tmp_path: Path) -> None:
    with opened(pictured(tmp_path / "a.pdf", photo(600))) as document:
        document.pages[0].obj.PieceInfo = document.make_stream(bytes(100))
        document.save(tmp_path / "in.pdf")
    with opened(optimized(tmp_path / "in.pdf")) as result:
        assert (result.is_linearized, Name.PieceInfo in result.pages[0].obj) == (True, False)


def test_flatten_signatures_turns_them_into_graphics_and_keeps_other_fields(tmp_path: Path) -> None:
    with opened(pdf(tmp_path / "a.pdf", " ")) as document:
        ink = document.make_stream(b"0 0 50 20 re f")
        ink.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 20], Resources=Dictionary())
        kinds = {"Sig": [10, 10, 60, 30], "Tx": [100, 10, 150, 30]}
        fields = [
            document.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Widget,
                    FT=Name(f"/{kind}"),
                    T=kind,
                    Rect=rect,
                    F=4,
                    AP=Dictionary(N=ink),
                )
            )
            for kind, rect in kinds.items()
        ]
        document.pages[0].obj.Annots = Array(fields)
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array(fields), SigFlags=3))
        document.save(tmp_path / "in.pdf")
    path = optimized(tmp_path / "in.pdf", flatten_signatures=True)
    with opened(path) as result:
        assert [str(field.FT) for field in result.Root.AcroForm.Fields] == ["/Tx"]
        assert [str(item.FT) for item in result.pages[0].obj.Annots] == ["/Tx"]
    assert seen(path).getpixel((30, 180)) == (0, 0, 0)
