// Keeps parts of a page fresh: an element with an id and data-live="seconds" is replaced by its newer self.
"use strict";

async function refresh(id) {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = document.getElementById(id);
  const next = page.getElementById(id);
  if (now && next && now.innerHTML !== next.innerHTML) now.replaceWith(next);
  document.title = page.title;
}

for (const part of document.querySelectorAll("[data-live]")) {
  const seconds = Number(part.dataset.live);
  const id = part.id;
  // A lost connection is no reason to stop: the next round tries again.
  if (seconds > 0) setInterval(() => refresh(id).catch(() => {}), seconds * 1000);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
