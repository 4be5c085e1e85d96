"""A mark over the pages of files that others made: at the head of each as it lies before a reader."""

import io

import pikepdf
from pikepdf import Name

EDGE = 24.0  # points from the edge, beyond what printers leave out


class Stamp:
    """The first page of the PDF `data`, in its size, for pages of `out`."""

    def __init__(self, out: pikepdf.Pdf, data: bytes) -> None:
        with pikepdf.open(io.BytesIO(data)) as source:
            _left, _bottom, self.width, self.height = map(float, source.pages[0].mediabox)
            self.form = out.copy_foreign(source.pages[0].as_form_xobject())

    def over(self, page: pikepdf.Page) -> bytes:
        """What draws it, outside the structure: to those who cannot see the print its title says the same."""
        name = page.add_resource(self.form, Name.XObject)
        left, bottom, right, top = map(float, page.cropbox)
        across, up = (right + left) / 2, (top + bottom) / 2
        half, depth = self.width / 2, EDGE + self.height
        matrix = {
            0: (1, 0, 0, 1, across - half, top - depth),
            90: (0, 1, -1, 0, left + depth, up - half),
            180: (-1, 0, 0, -1, across + half, bottom + depth),
            270: (0, -1, 1, 0, right - depth, up + half),
        }[int(page.obj.get("/Rotate", 0)) % 360]
        placed = " ".join(f"{number:g}" for number in matrix)
        return f"/Artifact BMC\nq {placed} cm {name} Do Q\nEMC\n".encode()
