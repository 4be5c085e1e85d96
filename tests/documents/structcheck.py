"""Is the structure of a tagged PDF whole? The checkers we use do not ask.

They pass a file whose notes were appended without their tags, and in which a screen reader
therefore speaks the wrong text. This follows every thread both ways: content and element, page and
parent tree, annotation and element, identifiers, destinations, outlines.
"""

import io
from collections import Counter

import pikepdf

PAINTING = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"}


def problems(data: bytes) -> dict[str, int]:
    """What is wrong, and how often."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return dict(+_Check(pdf).run())


def pairs(node, key: str):
    """The entries of a number or name tree."""
    items = list(node.get(key, ()))
    yield from zip(items[::2], items[1::2], strict=True)
    for kid in node.get("/Kids", ()):
        yield from pairs(kid, key)


class _Check:
    def __init__(self, pdf: pikepdf.Pdf):
        self.pdf = pdf
        self.root = pdf.Root
        self.bad: Counter[str] = Counter()
        self.pages = {page.obj.objgen for page in pdf.pages}
        self.content = {}  # (page, marked content) -> element
        self.objects = {}  # annotation -> (element, page)
        self.identifiers = {}
        self.headers = []
        self.used_keys: Counter[int] = Counter()

    def note(self, fault: str, found: object = True) -> None:
        self.bad[fault] += bool(found)

    def run(self) -> Counter[str]:
        self.catalog()
        if "/StructTreeRoot" in self.root:
            self.tree = self.root.StructTreeRoot
            keys = [int(key) for key, _ in pairs(self.tree.ParentTree, "/Nums")]
            self.note("parent tree has a key twice", len(keys) != len(set(keys)))
            self.parents = {int(key): value for key, value in pairs(self.tree.ParentTree, "/Nums")}
            self.note("next key is taken", int(self.tree.ParentTreeNextKey) <= max(keys))
            self.elements()
            self.names()
            for page in self.pdf.pages:
                self.page(page)
            self.note("content without an element's claim", len(self.content))
            self.note("key used twice", any(count > 1 for count in self.used_keys.values()))
            self.note("key without a user", set(self.parents) - set(self.used_keys))
        if "/Outlines" in self.root:
            self.outline(self.root.Outlines)
        return self.bad

    def catalog(self) -> None:
        for key in ("/Lang", "/MarkInfo", "/StructTreeRoot", "/ViewerPreferences", "/PageLabels"):
            self.note(f"no {key}", key not in self.root)
        self.note("no title", not str(self.pdf.docinfo.get("/Title", "")))
        metadata = self.root.Metadata.read_bytes() if "/Metadata" in self.root else b""
        self.note("not declared PDF/UA-1", b"pdfuaid:part" not in metadata)

    def elements(self) -> None:
        seen = set()
        waiting = [(kid, self.tree.objgen) for kid in self.tree.K]
        while waiting:
            element, parent = waiting.pop()
            if element.objgen in seen:
                self.note("element twice in the tree")
                continue
            seen.add(element.objgen)
            self.note("element with another parent", element.P.objgen != parent)
            self.note("element on a page of another file", "/Pg" in element and element.Pg.objgen not in self.pages)
            self.note("figure without description", element.S == "/Figure" and not str(element.get("/Alt", "")))
            if "/ID" in element:
                self.note("identifier twice", bytes(element.ID) in self.identifiers)
                self.identifiers[bytes(element.ID)] = element.objgen
            attributes = element.get("/A", {})
            self.note("header without scope", element.S == "/TH" and "/Scope" not in attributes)
            self.headers += [bytes(header) for header in attributes.get("/Headers", ())]
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, int):
                    self.content[element.Pg.objgen, kid] = element.objgen
                elif kid.get("/Type") == "/OBJR":
                    self.objects[kid.Obj.objgen] = (element.objgen, kid.Pg.objgen)
                else:
                    waiting.append((kid, element.objgen))

    def names(self) -> None:
        tree = {bytes(key): value.objgen for key, value in pairs(self.tree.get("/IDTree", {}), "/Names")}
        self.note("identifiers and their tree differ", tree != self.identifiers)
        self.note("cell names a header that is not there", set(self.headers) - set(self.identifiers))
        names = self.root.get("/Names", {}).get("/Dests", {})
        self.destinations = {bytes(key): value for key, value in pairs(names, "/Names")}

    def page(self, page: pikepdf.Page) -> None:
        self.note("page without structure order", page.obj.get("/Tabs") != "/S")
        key = page.obj.get("/StructParents")
        if key is None or not isinstance(self.parents.get(int(key)), pikepdf.Array):
            self.note("page without its entry in the parent tree")
            return
        self.used_keys[int(key)] += 1
        self.marked_content(page, self.parents[int(key)])
        for annotation in page.obj.get("/Annots", ()):
            self.annotation(page, annotation)

    def marked_content(self, page: pikepdf.Page, entries: pikepdf.Array) -> None:
        inside = []
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BMC", "BDC"):
                tag, *properties = instruction.operands
                number = None
                if properties and isinstance(properties[0], pikepdf.Dictionary):
                    number = properties[0].get("/MCID")
                inside.append(number is not None or str(tag) == "/Artifact")
                if number is not None:
                    self.claim(page, entries, int(number))
            elif operator == "EMC":
                inside.pop()
            elif operator in PAINTING:
                self.note("paint that is neither content nor artifact", not any(inside))

    def claim(self, page: pikepdf.Page, entries: pikepdf.Array, number: int) -> None:
        element = entries[number] if number < len(entries) else None
        expected = self.content.pop((page.obj.objgen, number), None)
        found = element.objgen if isinstance(element, pikepdf.Dictionary) else None
        self.note("content spoken as another element", expected is None or expected != found)

    def annotation(self, page: pikepdf.Page, annotation: pikepdf.Object) -> None:
        key = annotation.get("/StructParent")
        element = None if key is None else self.parents.get(int(key))
        if key is not None:
            self.used_keys[int(key)] += 1
        tied = element is not None and self.objects.get(annotation.objgen) == (element.objgen, page.obj.objgen)
        self.note("annotation outside the tree", not tied)
        self.note("link under another element", tied and element.S != "/Link")
        self.note("annotation without description", not str(annotation.get("/Contents", "")))
        self.note("annotation that does not print", int(annotation.get("/F", 0)) & 4 == 0)
        if "/Dest" in annotation:
            self.note("dead link", self.lost(annotation.Dest))

    def outline(self, parent: pikepdf.Object) -> None:
        item, last, before = parent.First, None, None
        while item is not None:
            self.note("outline with another parent", item.Parent.objgen != parent.objgen)
            self.note("outline chain broken", item.get("/Prev", before) != before)
            self.note("dead outline", self.lost(item.Dest))
            if "/First" in item:
                self.outline(item)
            last = before = item
            item = item.get("/Next")
        self.note("outline chain broken", last is None or parent.Last.objgen != last.objgen)

    def lost(self, destination: pikepdf.Object) -> bool:
        if not isinstance(destination, pikepdf.Array):
            destination = self.destinations.get(bytes(destination))
        return destination is None or destination[0].objgen not in self.pages
