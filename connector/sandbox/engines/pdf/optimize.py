"""Smaller PDF files."""

from __future__ import annotations

import shutil

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from connector.sandbox.engines.base import Result, Work
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.pdf.opening import opened
from connector.sandbox.engines.pdf.placements import placements
from connector.sandbox.engines.pdf.profiles import PROFILES, Profile
from connector.sandbox.engines.pdf.recompress import Press


def optimize(work: Work) -> Result:
    """Pack pictures and streams by the profile. The original comes back where nothing was gained."""
    quality, colours = work.options.get("quality"), work.options.get("colorspace")
    profile = PROFILES[str(work.options.get("profile") or "web")]
    profile = profile.adjusted(int(str(quality)) if quality is not None else None, str(colours) if colours else None)
    path = output_path(work)
    with opened(work.source) as pdf:
        if work.options.get("flatten_signatures"):
            _flatten_signatures(pdf)
        _drop(pdf, profile)
        if _press_pictures(pdf, profile).larger:
            work.warn("Some pictures stayed in RGB, as they would be larger in CMYK.")
        _save(pdf, work, profile)
    if path.stat().st_size >= work.source.path.stat().st_size and not work.options.get("flatten_signatures"):
        shutil.copyfile(work.source.path, path)
    return one_file(path)


def _press_pictures(pdf: Pdf, profile: Profile) -> Press:
    shown = placements(pdf)
    press = Press(pdf, profile)
    masks = {
        item.SMask.objgen
        for item in pdf.objects
        if isinstance(item, Stream) and isinstance(item.get(Name.SMask), Stream)
    }
    for item in list(pdf.objects):
        # Masks decide what shows through: they stay exact.
        if isinstance(item, Stream) and item.get(Name.Subtype) == Name.Image and item.objgen not in masks:
            press.press(item, shown.get(item.objgen))
    return press


def _drop(pdf: Pdf, profile: Profile) -> None:
    if profile.drop_extras:
        for page in pdf.pages:
            for key in (Name.Thumb, Name.PieceInfo):
                if key in page.obj:
                    del page.obj[key]
        if Name.PieceInfo in pdf.Root:
            del pdf.Root.PieceInfo
    # A file that claims to be PDF/A makes that claim in its XMP.
    if profile.drop_xmp and Name.Metadata in pdf.Root and Name.OutputIntents not in pdf.Root:
        del pdf.Root.Metadata


def _flatten_signatures(pdf: Pdf) -> None:
    """Turn visible signatures into plain graphics and leave all other fields alone."""
    form, others = pdf.Root.get(Name.AcroForm), []
    for page in pdf.pages:
        annotations = page.obj.get(Name.Annots, Array())
        signatures = [item for item in annotations if _is_signature(item)]
        others.append([item for item in annotations if not _is_signature(item)])
        page.obj.Annots = Array(signatures)
    pdf.flatten_annotations("all")
    for page, kept in zip(pdf.pages, others, strict=True):
        page.obj.Annots = Array(kept)
    # qpdf takes all fields to be flattened and drops the whole form.
    if isinstance(form, Dictionary):
        pdf.Root.AcroForm = form
        form.Fields = Array([item for item in form.get(Name.Fields, Array()) if not _is_signature(item)])
        form.SigFlags = 0


def _is_signature(item: object) -> bool:
    return (
        isinstance(item, Dictionary)
        and (item.get(Name.FT) or item.get(Name.Parent, Dictionary()).get(Name.FT)) == Name.Sig
    )


def _save(pdf: Pdf, work: Work, profile: Profile) -> None:
    pikepdf.settings.set_flate_compression_level(9)
    pdf.save(
        output_path(work),
        encryption=pdf.is_encrypted,
        linearize=profile.linearize,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        recompress_flate=True,
    )
