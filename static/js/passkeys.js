// Passkeys: asks the browser for one, puts its answer into the form around the button, and sends the form.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const decode = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials]) for (const key of list || []) key.id = bytes(key.id);
    return options;
  };
  const encode = (key) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    if (key.response.getTransports) response.transports = key.response.getTransports();
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: key.getClientExtensionResults(),
      ...(key.authenticatorAttachment && { authenticatorAttachment: key.authenticatorAttachment }) });
  };
  const use = async (place) => {
    const form = place.closest("form"), error = place.querySelector("[data-passkey-error]"), button = place.querySelector("button");
    error.hidden = true;
    button.disabled = true;
    try {
      const sent = new URLSearchParams(new FormData(form));
      for (const name of ["password", "passkey", "code"]) sent.delete(name);
      const answer = await fetch(place.dataset.passkey, { method: "POST", body: sent });
      if (!answer.ok) throw new Error(word("The server did not offer a passkey. Reload the page."));
      const options = decode((await answer.json()).publicKey);
      const key = await (options.user ? navigator.credentials.create({ publicKey: options }) : navigator.credentials.get({ publicKey: options }));
      place.querySelector("[name=passkey]").value = encode(key);
      form.submit();
    } catch (e) {
      error.textContent = e.name === "NotAllowedError" ? word("No passkey was used. Try again, or go on another way.")
        : e.name === "InvalidStateError" ? word("This device has a passkey for you already.") : e.message;
      error.hidden = false;
      button.disabled = false;
    }
  };
  const show = () => {
    if (!window.PublicKeyCredential) return;
    for (const place of document.querySelectorAll("[data-passkey][hidden]")) {
      place.hidden = false;
      place.querySelector("button").addEventListener("click", () => use(place));
    }
  };
  if (window.guestlistPasskeys) return;
  window.guestlistPasskeys = true;
  show();
  document.addEventListener("htmx:load", show);
  new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
})();
