// Says each new call aloud, once somebody has asked for it: browsers speak only after a press of a button.
"use strict";
(() => {
  if (!("speechSynthesis" in window)) return;
  let loud = false;
  let last = "";

  const said = () => document.querySelector("[data-said]");
  const mark = (element) => (element ? `${element.dataset.said} ${element.textContent}` : "");

  const say = (text) => {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
    words.rate = 0.9;
    speechSynthesis.speak(words);
  };

  const show = () => {
    const button = document.querySelector("[data-speak]");
    if (button) {
      button.hidden = false;
      button.textContent = loud ? button.dataset.hush : button.dataset.speak;
    }
    if (loud && mark(said()) !== last && said()) say(said().textContent);
    last = mark(said());
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-speak]")) return;
    loud = !loud;
    if (loud && said()) say(said().textContent);
    else speechSynthesis.cancel();
    show();
  });
  // The wall swaps its <main> when something changed.
  new MutationObserver(show).observe(document.querySelector("main"), { childList: true });
  show();
})();
