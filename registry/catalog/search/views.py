"""The list of apps, and what it suggests while somebody types. Routes are with the rest of the catalog's pages."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request

from registry.catalog.search import find, rules, suggest
from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.frame import framed, listed
from registry.catalog.search.shelf import Address, shelf
from registry.catalog.search.store import catalog


def index() -> str:
    """Every app, searched by ``q``, narrowed by facets (each may be given several times), by ``sort``, by ``page``."""
    query = rules.tidy(request.args.get("q", ""))
    filters = Filters.of(**{facet: request.args.getlist(facet) for facet in FACETS})
    held = catalog()
    page, sort = request.args.get("page", 1, type=int), request.args.get("sort", "")
    results = find.search(query, filters, page, sort, held)
    address = Address(query, filters, results.sort)
    return framed(held, address, listed(held, address, results, shelf(held, address, results.facets)))


def suggestions() -> Response | str:
    """For ``q``, a word half typed: a list to choose from; as JSON for who asks for that."""
    found = suggest.suggest(catalog(), rules.tidy(request.args.get("q", "")))
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify([{"kind": one.kind, "label": one.label, "url": one.url} for one in found])
    return render_template("catalog/suggestions.html", found=found)
