"""What may be a logo, and how it is kept."""

import pytest

from branding import logo
from branding.tests.pictures import png, svg

WEBP = {
    "lossless": "524946461c000000574542505650384c0f0000002f024000000710458efe0722a2ff0100",
    "lossy": "52494646320000005745425056503820260000007001009d012a0300020007409625a0027401400000fee9ecf49c41"
    "4813feabfc7dfb61680000",
    "extended": "524946465e00000057454250565038580a00000018000000020000010000414c5048070000000064646464646464"
    "0056503820260000007001009d012a0300020007409625a0027401400000fee9ecf49c414813feabfc7dfb6168000045584946"
    "010000007800",
}


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (png(30, 10), "image/png", (30, 10)),
        (svg("<path d='M0 0h4'/>"), "image/svg+xml", (40, 20)),
        (svg("", "width='64px' height='32'"), "image/svg+xml", (64, 32)),
        *((bytes.fromhex(content), "image/webp", (3, 2)) for content in WEBP.values()),
    ],
)
def test_a_logo_knows_its_kind_and_size(content: bytes, kind: str, size: tuple[int, int]) -> None:
    found = logo.parse_logo(content)
    assert (found.kind, (found.width, found.height)) == (kind, size)
    assert logo.stored_logo(found.stored()) == found


def test_a_logo_fits_the_head_of_a_page() -> None:
    assert logo.parse_logo(png(64, 64)).shown == (32, 32)
    assert logo.parse_logo(png(800, 50)).shown == (180, 11)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "PNG, WebP or SVG"),
        (b"GIF89a", "PNG, WebP or SVG"),
        (b"<html></html>", "PNG, WebP or SVG"),
        (b"\xff\xfe<\0s\0v\0g\0", "PNG, WebP or SVG"),
        (b"\x89PNG\r\n\x1a\nIHDR", "PNG cannot be read"),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0", "WebP cannot be read"),
        (png(5000, 1), "4096 pixels"),
        (b" " * 20_001, "20 kB"),
        (b"<svg viewBox='0 0 1 1'/>", "no SVG"),
        (svg("", ""), "view box"),
        (svg("<g>"), "cannot be read"),
        (svg("", 'viewBox="0 0 0 0"'), "size"),
        (svg("", 'viewBox="0 0 a b"'), "size"),
        (svg("", 'width="1.2.3" height="4"'), "size"),
        (svg("<script>alert(1)</script>"), "<script>"),
        (svg("<s:script xmlns:s='http://www.w3.org/2000/svg'>alert(1)</s:script>"), "<script>"),
        (svg("<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>"), "<script>"),
        (svg("<foreignObject/>"), "<foreignObject>"),
        (svg("<a href='#x'/>"), "<a>"),
        (svg("<image href='data:,'/>"), "<image>"),
        (svg("<animate attributeName='href'/>"), "<animate>"),
        (svg("<path onclick='x()'/>"), "onclick"),
        (svg("", 'viewBox="0 0 1 1" onload="x()"'), "onload"),
        (svg("<use href='https://evil.example/x.svg#a'/>"), "elsewhere"),
        (svg("<use xlink:href='//evil.example/x' xmlns:xlink='http://www.w3.org/1999/xlink'/>"), "elsewhere"),
        (svg("<path fill='url(https://evil.example)'/>"), "elsewhere"),
        (svg("<style>@import 'https://evil.example'</style>"), "elsewhere"),
        (svg("<style>@im<g/>port 'https://evil.example'</style>"), "elsewhere"),
        (svg("<style>a{background:u\\72l(//evil.example)}</style>"), "elsewhere"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "DOCTYPE"),
        (b'<?xml-stylesheet href="//evil.example"?>' + svg(""), "DOCTYPE"),
    ],
)
def test_what_is_no_harmless_picture_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        logo.parse_logo(content)


def test_what_editors_write_into_an_svg_is_let_through() -> None:
    inside = (
        "<metadata><rdf:RDF xmlns:rdf='http://w3.org/rdf'/></metadata><style>.a{fill:url(#b)}</style>"
        "<path class='a' style='stroke:none' d='M0 0'/>"
    )
    assert logo.parse_logo(svg(inside)).square is False


def test_a_kept_logo_that_is_refused_by_now_is_left_out() -> None:
    assert logo.stored_logo("data:image/svg+xml;base64,PHN2Zy8+") is None
