from __future__ import annotations

import pytest

from connector.sandbox import naming


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\win.ini", "win.ini"),
        ("C:\\x.txt", "x.txt"),
        ("a\0b\n.txt", "ab.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "file"),
        ("..", "file"),
        ("a/", "file"),
        ("Übung 1.PDF", "Übung 1.PDF"),
        ("\ud800.txt", "?.txt"),
    ],
)
def test_clean_keeps_only_the_visible_last_component(given: str, expected: str) -> None:
    assert naming.clean(given) == expected


def test_a_long_name_is_cut_to_255_bytes_and_keeps_its_extension() -> None:
    name = naming.clean("ä" * 300 + ".tar.gz")
    assert len(name.encode()) <= 255
    assert name.endswith("ä.tar.gz")


@pytest.mark.parametrize(
    ("pattern", "source", "extension", "count", "expected"),
    [
        (None, "a.png", "jpg", 1, ["a.jpg"]),
        (None, "a.tar.gz", "zip", 1, ["a.zip"]),
        (None, "a.pdf", "png", 2, ["a-1.png", "a-2.png"]),
        ("page-%d.png", "a.pdf", "png", 2, ["page-1.png", "page-2.png"]),
        ("page-%03d.png", "a.pdf", "png", 1, ["page-001.png"]),
        ("out.png", "a.pdf", "png", 2, ["out-1.png", "out-2.png"]),
        ("../x.png", "a.pdf", "png", 1, ["x.png"]),
        ("100%.png", "a.pdf", "png", 1, ["100%.png"]),
    ],
)
def test_output_names(pattern: str | None, source: str, extension: str, count: int, expected: list[str]) -> None:
    assert naming.outputs(pattern, source, extension, count) == expected


def test_equal_names_become_distinct() -> None:
    assert naming.distinct(["a.jpg", "b.jpg", "a.jpg", "a.jpg"]) == ["a.jpg", "b.jpg", "a (2).jpg", "a (3).jpg"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('form-data; name="file"; filename="a b.png"', "a b.png"),
        ("form-data;name=file;filename=two words.png", "two words.png"),
        ('form-data; name="file"; filename="say \\"hi\\".txt"', 'say "hi".txt'),
        ("attachment; filename*=UTF-8''%C3%BC.txt; filename=u.txt", "ü.txt"),
        ('form-data; filename="=?utf-8?B?w7wudHh0?="', "ü.txt"),
        ('form-data; name="key"', None),
        ('form-data; name="filename"', None),
    ],
)
def test_file_names_are_found_in_every_form_that_clients_send(header: str, expected: str | None) -> None:
    assert naming.of_disposition(header) == expected


def test_disposition_has_a_utf8_form_only_where_it_is_needed() -> None:
    assert naming.disposition("a.pdf", inline=False) == 'attachment; filename="a.pdf"'
    assert naming.disposition('ü".pdf', inline=True) == "inline; filename=\"__.pdf\"; filename*=UTF-8''%C3%BC%22.pdf"


def test_a_url_gives_a_name() -> None:
    assert naming.of_url("https://example.com/a/b%20c.pdf?x=1") == "b c.pdf"
    assert naming.of_url("https://example.com/") == "example.com.html"
    assert naming.of_url("https://example.com", "pdf") == "example.com.pdf"
