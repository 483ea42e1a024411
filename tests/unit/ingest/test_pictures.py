import os
import struct
import time
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import BadInput
from ingest.picture_size import picture_size
from ingest.pictures import read_picture

KINDS = [".jpg", ".png", ".tif", ".bmp", ".webp"]


def a_cmyk_jpeg(cyan: int, magenta: int, yellow: int, black: int) -> bytes:
    """8x8 pixels of one colour, 255 for no ink, as Adobe writes it.

    OpenCV writes no such files, so it is made by hand: one block for each channel, with nothing but its mean.
    """

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    bits = ""
    for channel in (cyan, magenta, yellow, black):
        mean = channel - 128
        category = abs(mean).bit_length()
        value = mean if mean > 0 else mean + (1 << category) - 1
        bits += f"{category:04b}" + (f"{value:0{category}b}" if category else "") + "0"
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
    channels = range(1, 5)
    return (
        b"\xff\xd8"
        + segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
        + segment(0xDB, b"\0" + b"\x08" * 64)
        + segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 4) + b"".join(bytes([c, 0x11, 0]) for c in channels))
        # Means: the categories 0 to 8, four bits each. The rest: one code of one bit for "nothing follows".
        + segment(0xC4, b"\x00" + bytes([0, 0, 0, 9]) + bytes(12) + bytes(range(9)))
        + segment(0xC4, b"\x10" + bytes([1]) + bytes(15) + b"\0")
        + segment(0xDA, b"\x04" + b"".join(bytes([c, 0]) for c in channels) + b"\x00\x3f\x00")
        + scan
        + b"\xff\xd9"
    )


def a_picture(width: int = 40, height: int = 30) -> np.ndarray:
    """The upper half red, the lower half grey."""
    picture = np.full((height, width, 3), 128, np.uint8)
    picture[: height // 2] = (0, 0, 255)
    return picture


def write(path: Path, picture: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), picture)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(40, 30), (16, 16), (33, 17), (1, 1)])
def test_pictures_of_every_kind_are_read(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    picture = a_picture(*size)
    path = write(tmp_path / f"picture{kind}", picture)
    read = read_picture(path)
    assert read.shape == picture.shape
    assert read.dtype == np.uint8
    assert np.abs(read[-1, -1].astype(int) - picture[-1, -1]).max() <= 12


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_stands_in_the_header(tmp_path: Path, kind: str) -> None:
    assert picture_size(write(tmp_path / f"picture{kind}", a_picture(123, 45)).read_bytes()) == (123, 45)


def test_an_8k_picture_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "8k.jpg", np.full((4320, 7680, 3), 90, np.uint8))
    assert read_picture(path).shape == (4320, 7680, 3)


@pytest.mark.parametrize("kind", [".png", ".tif"])
def test_sixteen_bits_become_eight(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"deep{kind}", a_picture().astype(np.uint16) * 257)
    assert np.array_equal(read_picture(path), a_picture())


def test_grey_becomes_colour(tmp_path: Path) -> None:
    path = write(tmp_path / "grey.png", np.full((30, 40), 77, np.uint8))
    assert (read_picture(path) == 77).all()
    assert read_picture(path).shape == (30, 40, 3)


def test_transparency_is_dropped(tmp_path: Path) -> None:
    path = write(tmp_path / "alpha.png", np.dstack([a_picture(), np.full((30, 40), 100, np.uint8)]))
    assert np.array_equal(read_picture(path), a_picture())


def test_cmyk_is_converted(tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    path.write_bytes(a_cmyk_jpeg(cyan=255, magenta=0, yellow=0, black=255))
    picture = read_picture(path)
    assert picture.shape == (8, 8, 3)
    blue, green, red = picture[4, 4].astype(int)
    assert red > 200
    assert max(blue, green) < 60


@pytest.mark.parametrize(("orientation", "top_left_is"), [(1, "red"), (3, "grey"), (6, "grey"), (8, "red")])
def test_the_exif_turn_is_done(tmp_path: Path, orientation: int, top_left_is: str) -> None:
    jpeg = write(tmp_path / "plain.jpg", a_picture()).read_bytes()
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    path = tmp_path / "turned.jpg"
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    picture = read_picture(path)
    assert picture.shape[:2] == ((40, 30) if orientation in (6, 8) else (30, 40))
    blue, _, red = picture[2, 2].astype(int)
    assert ("red" if red - blue > 100 else "grey") == top_left_is


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no file .*missing\.jpg"):
        read_picture(tmp_path / "missing.jpg")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        read_picture(tmp_path)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").touch()
    with pytest.raises(BadInput, match="is empty"):
        read_picture(tmp_path / "x.jpg")


def test_random_bytes_are_no_picture(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"\x01" + os.urandom(5000))
    with pytest.raises(BadInput, match="no picture of a kind that is read; expected JPEG"):
        read_picture(tmp_path / "x.jpg")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.9, 0.5])
def test_a_picture_that_was_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    whole = write(tmp_path / f"whole{kind}", noise).read_bytes()
    path = tmp_path / f"cut{kind}"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput, match="cut off"):
        read_picture(path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_that_was_cut_off_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"cut{kind}"
    path.write_bytes(write(tmp_path / f"whole{kind}", a_picture()).read_bytes()[:15])
    with pytest.raises(BadInput, match=r"cut off|no picture"):
        read_picture(path)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (16_000, 16_000), (20_000, 10), (0, 10)])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, width: int, height: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))))
    with path.open("ab") as file:
        file.write(chunk(b"IEND", b""))
    with pytest.raises(BadInput, match=f"claims to be a picture of {width}x{height}"):
        read_picture(path)


def a_tiff(*entries: tuple[int, int, int, int]) -> bytes:
    """The header of a TIFF file: tag, kind, count and value of each entry."""
    listed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + listed + bytes(64)


@pytest.mark.parametrize(
    "entries",
    [
        [(256, 4, 1, 60_000), (257, 4, 1, 60_000), (256, 4, 1, 8), (257, 4, 1, 8)],
        [(256, 16, 1, 50), (257, 16, 1, 50)],
        [(256, 4, 2, 50), (257, 4, 2, 50)],
    ],
)
def test_a_tiff_whose_size_could_be_read_in_two_ways_is_refused(entries: list[tuple[int, int, int, int]]) -> None:
    with pytest.raises(BadInput, match="names its size in a way that is not read"):
        picture_size(a_tiff(*entries))
    assert picture_size(a_tiff((256, 4, 1, 50), (257, 3, 1, 60))) == (50, 60)


@pytest.mark.parametrize("filling", [b"\xff" * 1_000_000, b"\xff\xd0" * 1_000_000, b"\xff\xe0\0\2" * 1_000_000])
def test_a_jpeg_header_without_end_is_given_up_soon(filling: bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadInput):
        picture_size(b"\xff\xd8\xff" + filling)
    assert time.process_time() - began < 0.2


def test_a_file_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pictures.LARGEST_FILE_BYTES", 1000)
    with pytest.raises(BadInput, match="more than 1000 bytes"):
        read_picture(Path("/dev/zero"))


def test_a_name_that_no_disk_takes_is_told() -> None:
    with pytest.raises(BadInput, match="File name too long"):
        read_picture(Path("x" * 5000))
