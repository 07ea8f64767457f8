/* Passkeys: the form's button asks the browser for one and sends what it answers; and a button that prints. */
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function options(form) {
    const answer = await fetch(form.dataset.options, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const found = await answer.json();
    found.challenge = bytes(found.challenge);
    if (found.user) found.user.id = bytes(found.user.id);
    if (found.excludeCredentials) found.excludeCredentials = known(found.excludeCredentials);
    if (found.allowCredentials) found.allowCredentials = known(found.allowCredentials);
    return found;
  }

  function told(credential) {
    const { response } = credential;
    const said = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      said.attestationObject = text(response.attestationObject);
      said.transports = response.getTransports ? response.getTransports() : [];
    } else {
      said.authenticatorData = text(response.authenticatorData);
      said.signature = text(response.signature);
      if (response.userHandle) said.userHandle = text(response.userHandle);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said, clientExtensionResults: {} });
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    const without = document.getElementById(form.dataset.without);
    if (without) without.hidden = true;
    form.hidden = false;
    const failed = form.querySelector("[data-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const publicKey = await options(form);
        const ways = navigator.credentials;
        const credential = await (form.dataset.passkey === "create" ? ways.create({ publicKey }) : ways.get({ publicKey }));
        form.elements.answer.value = told(credential);
        form.submit();
      } catch (error) {
        failed.hidden = false;
      }
    });
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
