// Makes a passkey, or shows one, and sends what the browser says of it as a form. Without it codes do.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function make(asked) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: named(asked.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return { made, response: { attestationObject: text(made.response.attestationObject) } };
  }

  async function show(asked) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    const { authenticatorData, signature, userHandle } = made.response;
    return { made, response: { authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle && userHandle.byteLength ? text(userHandle) : null } };
  }

  async function answer(button) {
    const question = await fetch(button.dataset.question, { redirect: "manual" });
    if (!question.ok) return location.reload();
    const { made, response } = await (button.dataset.passkey === "make" ? make : show)(await question.json());
    button.form.elements.answer.value = JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {},
      response: { ...response, clientDataJSON: text(made.response.clientDataJSON) },
    });
    button.form.submit();
  }

  for (const block of document.querySelectorAll("[data-with-passkeys]")) block.hidden = !window.PublicKeyCredential;
  for (const block of document.querySelectorAll("[data-without-passkeys]")) block.hidden = Boolean(window.PublicKeyCredential);
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const said = button.form.querySelector("[data-said]");
      said.textContent = "";
      answer(button).catch(() => {
        said.textContent = words.sayNone;
      });
    });
  }
})();
