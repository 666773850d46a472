// Single keys that lead somewhere, for whoever has not switched them off. They do nothing while somebody types.
"use strict";
(() => {
  const WITHIN = 1500; // milliseconds between two keys that belong together
  const { keys: known, page } = document.currentScript.dataset;
  const keys = JSON.parse(known);
  let first = "";
  let at = 0;
  let dialog = null;

  const types = (one) => one?.closest?.("input, textarea, select, [contenteditable]");

  // A list of what each key does; Escape closes it.
  function list() {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "keys";
      const title = document.createElement("h2");
      title.id = "keys-title";
      title.textContent = "Single keys";
      dialog.setAttribute("aria-labelledby", title.id);
      const all = document.createElement("dl");
      for (const [key, words] of keys) {
        const name = document.createElement("dt");
        name.append(...key.split(" ").flatMap((one, index) => {
          const sign = document.createElement("kbd");
          sign.textContent = one;
          return index ? [" then ", sign] : [sign];
        }));
        const does = document.createElement("dd");
        does.textContent = words;
        all.append(name, does);
      }
      const off = document.createElement("a");
      off.href = page;
      off.textContent = "Switch them off";
      const close = document.createElement("button");
      close.type = "button";
      close.textContent = "Close";
      close.addEventListener("click", () => dialog.close());
      dialog.append(title, all, close, " ", off);
      document.body.append(dialog);
    }
    dialog.showModal();
  }

  function act(event, typed) {
    const found = keys.find(([key]) => key === typed);
    if (!found) return false;
    event.preventDefault();
    if (typed === "?") list();
    else if (found[2]) location.assign(found[2]);
    else (document.getElementById("search-box") || document.querySelector("main input[type=search]"))?.focus();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (types(event.target) || document.querySelector("dialog[open]")) return;
    const both = first && event.timeStamp - at < WITHIN ? `${first} ${event.key}` : "";
    first = "";
    if ((both && act(event, both)) || act(event, event.key)) return;
    if (keys.some(([key]) => key.startsWith(`${event.key} `))) [first, at] = [event.key, event.timeStamp];
  });
})();
