"""The gate that every PDF passes before it is issued: can it be read aloud, copied and kept?

It is our own because a letter may not wait for a Java program, and because it says in plain words what is wrong.
"""

from io import BytesIO

import pikepdf

from casework.pdf.gate.archive import archive_faults
from casework.pdf.gate.document import document_faults
from casework.pdf.gate.reading import Paper
from casework.pdf.gate.structure import structure_faults
from casework.pdf.gate.text import text_faults


def faults(pdf: bytes, *, archive: bool = True, links: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with the PDF, in sentences; empty when all is well.

    With `archive` it has to be PDF/A beside PDF/UA. Links lead nowhere but to addresses that begin as `links` says.
    """
    try:
        opened = pikepdf.open(BytesIO(pdf))
    except pikepdf.PasswordError:
        return ["It is locked with a password."]
    except pikepdf.PdfError:
        return ["It cannot be read: it is no whole PDF."]
    with opened:
        paper = Paper(opened)
        found = [*document_faults(paper, links), *structure_faults(paper), *text_faults(paper)]
        if archive:
            found += archive_faults(paper)
    return list(dict.fromkeys(found))
