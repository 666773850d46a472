"""Printing many letters at once: WeasyPrint prints the first of each shape, and the others are stamped from it.

HTML letters go in; out come small pieces, which with their shapes make whole PDFs or one file to print, at any later
time and in any process, without laying anything out again.
"""

from casework.pdf.stamp.press import Press, Printed
from casework.pdf.stamp.printfile import PrintFile
from casework.pdf.stamp.shape import Shape, open_shape
from casework.pdf.stamp.whole import pdf_of

__all__ = ["Press", "PrintFile", "Printed", "Shape", "open_shape", "pdf_of"]
