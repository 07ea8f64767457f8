/* Small helps on top of pages that work without them: copy buttons, Escape closes the menu, the tab one is on is in sight, a name in addresses is suggested. */
"use strict";
document.querySelectorAll("[data-copy]").forEach((box) => {
  const button = box.querySelector("button");
  if (!button || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("code").textContent);
    const label = button.querySelector("span");
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  });
});
document.querySelectorAll(".tabs [aria-current], .side [aria-current]").forEach((here) => {
  const row = here.parentElement;
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
});
const menu = document.getElementById("menu");
if (menu) document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.checked) { menu.checked = false; menu.focus(); }
});
const city = document.querySelector("[data-suggest-slug]");
if (city) {
  const slug = document.getElementById(city.dataset.suggestSlug);
  let own = slug.value !== "";
  slug.addEventListener("input", () => { own = slug.value !== ""; });
  city.addEventListener("input", () => {
    if (own) return;
    slug.value = city.value.toLowerCase().replace(/^(kota|kabupaten|kab\.?)\s+/, "").normalize("NFD")
      .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  });
}
