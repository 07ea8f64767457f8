"""What the tags of a drawn document still need before they are PDF/UA-1 and the same each time (WeasyPrint 69).

WeasyPrint names table headings by their place in memory, says nothing of their scope, and leaves the text of the page's
margins marked as content that belongs nowhere: page numbers would be read out between two sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf


def finish(_document: object, pdf: pydyf.PDF) -> None:
    """WeasyPrint's ``finisher``: changes the document's objects in place before they are written."""
    by_reference = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary)}
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    elements = list(_below(root, by_reference))
    _name_headings(pdf, root, elements)
    known = {id(element) for element in elements}
    tagged = [item for item in by_reference.values() if item.get("Type") == "/StructElem"]
    _set_aside([item for item in tagged if id(item) not in known], pdf, by_reference, root)


def _below(element: pydyf.Dictionary, objects: dict[bytes, Any]) -> Iterator[pydyf.Dictionary]:
    for kid in element["K"]:
        if isinstance(kid, bytes) and objects[kid].get("Type") == "/StructElem":
            yield objects[kid]
            yield from _below(objects[kid], objects)


def _name_headings(pdf: pydyf.PDF, root: pydyf.Dictionary, elements: list[pydyf.Dictionary]) -> None:
    """Give each TH a name by its order, its cells that name, and the tree its index of names."""
    names: dict[str, pydyf.String] = {}
    index = pydyf.Array()
    for element in elements:
        if element["S"] == "/TH":
            name = pydyf.String(f"h{len(names):04}")
            names[element["ID"].string], element["ID"] = name, name
            index.extend([name, element.reference])
    for element in elements:
        if element["S"] == "/TD" and "A" in element:
            element["A"]["Headers"] = pydyf.Array(names[header.string] for header in element["A"]["Headers"])
    if names:
        tree = pydyf.Dictionary({"Names": index})
        pdf.add_object(tree)
        root["IDTree"] = tree.reference


def _set_aside(
    strays: list[pydyf.Dictionary], pdf: pydyf.PDF, objects: dict[bytes, Any], root: pydyf.Dictionary
) -> None:
    """Mark the margins' text as pagination, which is not read out."""
    numbers = objects[root["ParentTree"]]["Nums"]
    streams = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Stream)}
    marks: dict[bytes, set[int]] = {}
    for stray in strays:
        marks.setdefault(stray["Pg"], set()).update(kid for kid in stray["K"] if isinstance(kid, int))
        stray.clear()
    for reference, strayed in marks.items():
        page = objects[reference]
        _as_pagination(streams[page["Contents"]].stream, strayed)
        parents = numbers[2 * page["StructParents"] + 1]
        for mark in strayed:
            parents[mark] = "null"


def _as_pagination(content: list[Any], marks: set[int]) -> None:
    """In a page's content a mark is three things in a row: its tag, its properties and ``BDC``."""
    for place, item in enumerate(content):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in marks:
            content[place - 1] = "/Artifact"
            content[place] = pydyf.Dictionary({"Type": "/Pagination"})
