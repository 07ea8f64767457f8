/* Suggestions under the search box: the ARIA combobox pattern on top of a form that works without it. */
"use strict";
const box = document.querySelector("[data-suggest]");
if (box) {
  const list = document.getElementById(box.dataset.suggestList);
  let timer = 0, asked = null, at = -1;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  const options = () => list.querySelectorAll("[role=option]");
  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  };
  const choose = (number) => {
    at = number;
    options().forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
    const chosen = options()[at];
    if (chosen) { box.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
    else box.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    if (asked) asked.abort();
    const words = box.value.trim();
    if (words.length < 2) return show(false);
    asked = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return show(false);
      list.innerHTML = await answer.text();
      show(options().length > 0 && document.activeElement === box);
    } catch (error) { if (error.name !== "AbortError") show(false); }
  };
  show(false);
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) location.assign(chosen.dataset.url);
  });
  box.addEventListener("blur", () => setTimeout(() => show(false), 200));
  box.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) { show(false); event.preventDefault(); }
    else if (list.hidden || !count) return;
    else if (event.key === "ArrowDown") { choose(at + 1 < count ? at + 1 : -1); event.preventDefault(); }
    else if (event.key === "ArrowUp") { choose(at < 0 ? count - 1 : at - 1); event.preventDefault(); }
    else if (event.key === "Enter" && at >= 0) { location.assign(options()[at].dataset.url); event.preventDefault(); }
  });
}
