// Passkeys: shows the way to them where this browser has them, and puts what it answers into the form.
"use strict";

const reachable = (domain) =>
  window.PublicKeyCredential?.parseRequestOptionsFromJSON &&
  (location.hostname === domain || location.hostname.endsWith(`.${domain}`));

for (const way of document.querySelectorAll("[data-passkeys-of]")) way.hidden = !reachable(way.dataset.passkeysOf);

const passkey = document.querySelector("form[data-passkey]");

async function ask(kind, options) {
  const { PublicKeyCredential: read } = window;
  return kind === "create"
    ? navigator.credentials.create({ publicKey: read.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: read.parseRequestOptionsFromJSON(options) });
}

passkey?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const failed = document.getElementById("passkey-failed");
  failed.hidden = true;
  try {
    const answer = await ask(passkey.dataset.passkey, JSON.parse(passkey.elements.options.value));
    passkey.elements.credential.value = JSON.stringify(answer);
    passkey.submit();
  } catch {
    // Which reason it was, browsers do not say: nobody learns whether there is such a passkey.
    failed.hidden = false;
    delete passkey.dataset.sent;
  }
});

if (passkey && "atOnce" in passkey.dataset) passkey.requestSubmit();
