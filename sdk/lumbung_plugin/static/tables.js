// A table too wide for its place becomes a list of rows, each value beside its heading. Without JavaScript it is moved
// sideways, and a shadow at its edge says so.
"use strict";
(() => {
  const roles = [["table", "table"], ["thead, tbody, tfoot", "rowgroup"], ["tr", "row"], ["thead th", "columnheader"],
    ["tbody th", "rowheader"], ["td", "cell"]];

  // A row drawn as a grid is no row to some screen readers: what each part is stands in its role.
  const prepare = (table) => {
    const headings = [...table.querySelectorAll("thead tr:last-child > *")].map((cell) => cell.textContent.trim());
    table.setAttribute("role", "table");
    roles.slice(1).forEach(([which, role]) => table.querySelectorAll(which).forEach((part) => part.setAttribute("role", role)));
    table.querySelectorAll("tbody tr").forEach((row) => {
      let column = 0;
      for (const cell of row.children) {
        if (column && cell.tagName === "TD" && cell.colSpan === 1) cell.dataset.label = headings[column] || "";
        column += cell.colSpan;
      }
    });
  };

  const fit = (place, table) => {
    table.classList.remove("as-rows");
    const narrow = place.clientWidth < 480 && place.scrollWidth > place.clientWidth + 1;
    table.classList.toggle("as-rows", narrow);
  };

  document.querySelectorAll(".table-scroll").forEach((place) => {
    const table = place.querySelector(":scope > table");
    if (!table || !table.tHead || table.matches(".bars, .stacked, .changes, .as-table")) return;
    prepare(table);
    let width = 0;
    new ResizeObserver(() => {
      if (place.clientWidth === width) return;
      width = place.clientWidth;
      fit(place, table);
    }).observe(place);
  });
})();
