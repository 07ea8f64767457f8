/* Small helps on top of pages that work without them: copy buttons, a closed menu, confirmation by typing. */
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
document.addEventListener("click", (event) => {
  const menu = document.querySelector("header .menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("header .menu[open]");
  if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
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
