"""What a PDF says about itself: PDF/A for the archive and PDF/UA for screen readers, in one record."""

from functools import cache
from importlib.resources import files
from typing import Any
from zlib import compress

# PDF/A knows no word for PDF/UA, so the record has to explain the word that it uses (ISO 19005-2, 6.6.2.3.3).
_IS_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def fit_for_archive(pdf: Any) -> None:
    """Add what a PDF/A still lacks: what its colours mean, pictures that stay as they are, and that it is PDF/UA-1."""
    import pydyf

    profile = pydyf.Stream([_srgb()], {"N": 3}, compress=True)
    pdf.add_object(profile)
    meaning = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String("sRGB"),
        "Info": pydyf.String("sRGB"),
        "DestOutputProfile": profile.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(meaning)])
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and "Interpolate" in one.extra:
            one.extra["Interpolate"] = "false"
    record = pdf.objects[int(pdf.catalog["Metadata"].split()[0])].stream
    record[0] = record[0].replace(b"</rdf:RDF>", _IS_UA)


def deflate(pdf: Any) -> None:
    """Deflate each stream once. Otherwise it would be done for the file, and again for the identifier of the file."""
    import pydyf

    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.compress:
            whole = b"\n".join(pydyf._to_bytes(part) for part in one.stream)
            one.stream, one.compress = [compress(whole)], False
            one.extra["Filter"] = "/FlateDecode"


@cache
def _srgb() -> bytes:
    """The colour profile that comes with WeasyPrint. WeasyPrint itself would open it anew for each letter."""
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
