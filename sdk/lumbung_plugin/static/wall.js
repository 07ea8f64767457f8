// Renews a wall display without flicker: asks for the page again and swaps its <main>. A missed answer is said, not shown
// as an error page; whoever reads the wall may hold it still.
"use strict";
(() => {
  const foot = document.querySelector("[data-every]");
  const every = Math.max(Number(foot.dataset.every) || 30, 5) * 1000;
  const hold = foot.querySelector("button"), state = foot.querySelector("[role=status]");
  let held = false;

  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    // A stay that is renewed on the way leads back here; a sign-in page elsewhere is no wall.
    if (!answer.ok || answer.url !== location.href.split("#")[0]) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main"), shown = document.querySelector("main");
    if (!fresh) throw new Error("no main");
    if (fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.childNodes);
    const moment = page.querySelector("[data-moment]");
    if (moment) document.querySelector("[data-moment]").textContent = moment.textContent;
  };

  const tick = async () => {
    if (!held && !document.hidden) {
      try {
        await renew();
        state.textContent = "";
      } catch {
        state.textContent = foot.dataset.late;
      }
    }
    setTimeout(tick, every);
  };

  hold.hidden = false;
  hold.addEventListener("click", () => {
    held = !held;
    hold.textContent = held ? hold.dataset.go : hold.dataset.hold;
  });
  setTimeout(tick, every);
})();
