"""Pages and passwords of PDF files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, PasswordError, String

from connector.sandbox.engines.qpdf import Qpdf
from tests.unit.sandbox.engines.papers import locked, opened, pdf, texts
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Qpdf()
ONE_FILE = [conversion.operation for conversion in ENGINE.conversions if not conversion.joins]
GIVEN = {
    "metadata/write": {"metadata": {"Title": "x"}},
    "watermark": {"text": "x"},
    "pdf/encrypt": {"set_password": "x"},
}


def titles(items: list[OutlineItem]) -> list[object]:
    """Titles as nested lists."""
    return [[item.title, *titles(item.children)] if item.children else item.title for item in items]


def test_merge_keeps_the_order(tmp_path: Path) -> None:
    files = [pdf(tmp_path / "b.pdf", "B1", "B2"), pdf(tmp_path / "a.pdf", "A1"), pdf(tmp_path / "c.pdf", "C1")]
    assert texts(run(ENGINE, "merge", files, "pdf").path) == ["B1", "B2", "A1", "C1"]


def test_merge_keeps_bookmarks_below_one_per_file(tmp_path: Path) -> None:
    files = [pdf(tmp_path / "a.pdf", "A1", "A2", bookmark="Chapter"), pdf(tmp_path / "b.pdf", "B1")]
    with (
        opened(run(ENGINE, "merge", files, "pdf", names=("Report.docx", "Annex.pdf")).path) as merged,
        merged.open_outline() as outline,
    ):
        assert titles(outline.root) == [["Report", "Chapter"], "Annex"]
        pages = [item.destination[0].objgen for item in (outline.root[0], outline.root[0].children[0], outline.root[1])]
        assert pages == [merged.pages[index].obj.objgen for index in (0, 1, 2)]


def test_merge_resolves_bookmarks_by_name(tmp_path: Path) -> None:
    with opened(pdf(tmp_path / "a.pdf", "A1", "A2")) as source:
        source.Root.Dests = Dictionary(Old=Array([source.pages[1].obj, Name.Fit]))
        source.Root.Names = Dictionary(
            Dests=Dictionary(Names=Array([String("new"), Array([source.pages[1].obj, Name.Fit])]))
        )
        with source.open_outline() as outline:
            outline.root.extend(
                [
                    OutlineItem("by name", Name.Old),
                    OutlineItem("by string", String("new")),
                    OutlineItem("lost", String("gone")),
                ]
            )
        source.save(tmp_path / "named.pdf")
    with (
        opened(run(ENGINE, "merge", [pdf(tmp_path / "b.pdf"), tmp_path / "named.pdf"], "pdf").path) as merged,
        merged.open_outline() as outline,
    ):
        places = [item.destination and item.destination[0].objgen for item in outline.root[1].children]
        assert places == [merged.pages[2].obj.objgen, merged.pages[2].obj.objgen, None]


def test_merge_keeps_form_fields_of_the_same_name_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with opened(pdf(tmp_path / f"{name}0.pdf")) as form:
            box = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("field"),
                V=String(name),
                Rect=[10, 10, 90, 30],
            )
            field = form.make_indirect(box)
            form.pages[0].obj.Annots = Array([field])
            form.Root.AcroForm = form.make_indirect(Dictionary(Fields=Array([field])))
            form.save(tmp_path / f"{name}.pdf")
    with opened(run(ENGINE, "merge", [tmp_path / "a.pdf", tmp_path / "b.pdf"], "pdf").path) as merged:
        assert [str(field.V) for field in merged.Root.AcroForm.Fields] == ["a", "b"]
        assert len({str(field.T) for field in merged.Root.AcroForm.Fields}) == 2


def test_merge_names_the_file_that_is_locked(tmp_path: Path) -> None:
    error = refused(ENGINE, "merge", [pdf(tmp_path / "a.pdf"), locked(tmp_path / "closed.pdf")], "pdf")
    assert (error.code, "closed.pdf" in error.message) == ("INVALID_PASSWORD", True)


def test_split_gives_one_file_per_page(tmp_path: Path) -> None:
    done = run(ENGINE, "pdf/split-pages", pdf(tmp_path / "in.pdf", "One", "Two", "Three"))
    assert [texts(path) for path in done.paths] == [["One"], ["Two"], ["Three"]]


def test_split_files_hold_only_what_their_page_needs(tmp_path: Path) -> None:
    with opened(pdf(tmp_path / "in.pdf", "One", "Two")) as shared:
        fonts = shared.make_indirect(
            Dictionary(F1=shared.pages[0].obj.Resources.Font.F1, F2=shared.make_stream(bytes(range(256)) * 400))
        )
        for page in shared.pages:
            page.obj.Resources = Dictionary(Font=fonts)
        shared.save(tmp_path / "shared.pdf", compress_streams=False)
    assert run(ENGINE, "pdf/split-pages", tmp_path / "shared.pdf").paths[0].stat().st_size < 5000


@pytest.mark.parametrize("operation", ["pdf/extract-pages", "convert"])
def test_extract_takes_pages_in_the_order_asked_for(tmp_path: Path, operation: str) -> None:
    source = pdf(tmp_path / "in.pdf", "One", "Two", "Three", "Four")
    output = "pdf" if operation == "convert" else None
    assert texts(run(ENGINE, operation, source, output, pages="4,1-2").path) == ["Four", "One", "Two"]


def test_extract_of_missing_pages_is_refused(tmp_path: Path) -> None:
    assert refused(ENGINE, "pdf/extract-pages", pdf(tmp_path / "in.pdf"), pages="1-5").code == "INVALID_OPTION"


@pytest.mark.parametrize(
    ("rotation", "angles"),
    [("+90", [180, 90]), ("-90", [0, 270]), ("180", [180, 180]), ("90", [90, 90]), ("0", [0, 0])],
)
def test_rotation_is_relative_with_a_sign_and_exact_without(tmp_path: Path, rotation: str, angles: list[int]) -> None:
    turned = run(ENGINE, "pdf/rotate-pages", pdf(tmp_path / "in.pdf", "One", "Two"), pages="1").path
    turned.rename(tmp_path / "turned.pdf")
    with opened(run(ENGINE, "pdf/rotate-pages", tmp_path / "turned.pdf", rotation=rotation).path) as result:
        assert [page.rotation for page in result.pages] == angles


@pytest.mark.parametrize("rotation", ["45", "left", "", "++90"])
def test_other_rotations_are_refused(tmp_path: Path, rotation: str) -> None:
    assert refused(ENGINE, "pdf/rotate-pages", pdf(tmp_path / "in.pdf"), rotation=rotation).code == "INVALID_OPTION"


def test_encrypt_needs_the_password_to_open(tmp_path: Path) -> None:
    path = run(ENGINE, "pdf/encrypt", pdf(tmp_path / "in.pdf"), set_password="open me").path
    with pytest.raises(PasswordError):
        opened(path)
    with opened(path, "open me") as protected:
        assert (protected.encryption.bits, protected.owner_password_matched) == (256, False)


@pytest.mark.parametrize(
    ("options", "forbidden"),
    [
        ({}, {"extract"}),
        ({"allow_extract": True}, set()),
        ({"allow_extract": True, "allow_print": "low"}, {"print_highres"}),
        ({"allow_extract": True, "allow_print": "none"}, {"print_highres", "print_lowres"}),
        ({"allow_extract": True, "allow_modify": "form"}, {"modify_other", "modify_annotation"}),
        (
            {"allow_extract": True, "allow_modify": "none"},
            {"modify_other", "modify_annotation", "modify_form", "modify_assembly"},
        ),
    ],
)
def test_encrypt_sets_permissions(tmp_path: Path, options: dict[str, object], forbidden: set[str]) -> None:
    path = run(ENGINE, "pdf/encrypt", pdf(tmp_path / "in.pdf"), set_owner_password="boss", **options).path
    with opened(path) as protected:
        assert {name for name, allowed in protected.allow._asdict().items() if not allowed} == forbidden


def test_encrypt_without_any_password_is_refused(tmp_path: Path) -> None:
    assert refused(ENGINE, "pdf/encrypt", pdf(tmp_path / "in.pdf")).code == "INVALID_OPTION"


def test_decrypt_removes_the_password(tmp_path: Path) -> None:
    path = run(ENGINE, "pdf/decrypt", locked(tmp_path / "in.pdf"), password="secret").path
    with opened(path) as free:
        assert not free.is_encrypted
    assert texts(path) == ["Hidden"]


@pytest.mark.parametrize("options", [{}, {"password": "wrong"}])
def test_decrypt_with_a_wrong_password_is_refused(tmp_path: Path, options: dict[str, object]) -> None:
    assert refused(ENGINE, "pdf/decrypt", locked(tmp_path / "in.pdf"), **options).code == "INVALID_PASSWORD"


def test_decrypt_of_an_open_file_returns_it_and_says_so(tmp_path: Path) -> None:
    source = pdf(tmp_path / "in.pdf")
    done = run(ENGINE, "pdf/decrypt", source)
    assert (done.path.read_bytes(), len(done.warnings)) == (source.read_bytes(), 1)


@pytest.mark.parametrize("operation", ["optimize", "watermark", "pdf/rotate-pages", "metadata/write"])
def test_permissions_stay_when_a_file_is_changed(tmp_path: Path, operation: str) -> None:
    path = run(ENGINE, operation, locked(tmp_path / "in.pdf", user=""), **GIVEN.get(operation, {})).path
    with opened(path) as changed:
        assert changed.is_encrypted


@pytest.mark.parametrize("operation", ONE_FILE)
@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n%%EOF", b"nothing" * 200])
def test_damaged_files_are_refused(tmp_path: Path, operation: str, content: bytes) -> None:
    (tmp_path / "in.pdf").write_bytes(content)
    output = "pdf" if operation == "convert" else None
    assert refused(ENGINE, operation, tmp_path / "in.pdf", output, **GIVEN.get(operation, {})).code == "OPEN_FAILED"


def test_a_file_without_its_table_of_contents_is_repaired(tmp_path: Path) -> None:
    whole = pdf(tmp_path / "in.pdf", "One", "Two").read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: whole.rindex(b"xref")])
    assert texts(run(ENGINE, "convert", tmp_path / "cut.pdf", "pdf").path) == ["One", "Two"]
