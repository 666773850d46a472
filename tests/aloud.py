"""What a screen reader reads out of a PDF."""

from io import BytesIO

import pikepdf

from casework.pdf.gate.reading import Paper


def read_aloud(pdf: bytes) -> list[str]:
    """The text of each paragraph, heading, item and cell, in the order in which it is read."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [block.text for block in Paper(opened).blocks()]
