// Single keys that lead somewhere, for whoever has not switched them off. They do nothing while somebody types.
"use strict";
(() => {
  const WITHIN = 1500; // milliseconds between two keys that belong together
  const words = document.currentScript.dataset;
  const { keys: known, page } = words;
  const keys = JSON.parse(known);
  let first = "";
  let at = 0;
  let dialog = null;

  const types = (one) => one?.closest?.("input, textarea, select, [contenteditable]");

  // One key, or two as the language says it: "g then c".
  function drawn(key) {
    const pressed = key.split(" ");
    const pieces = pressed.length > 1 ? words.sayThen.split(/\{(first|second)\}/) : ["", "first"];
    return pieces.map((piece, at) => {
      if (at % 2 === 0) return piece;
      const sign = document.createElement("kbd");
      sign.textContent = pressed[piece === "first" ? 0 : 1];
      return sign;
    });
  }

  // A list of what each key does; Escape closes it.
  function list() {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "keys";
      const title = document.createElement("h2");
      title.id = "keys-title";
      title.textContent = words.sayTitle;
      dialog.setAttribute("aria-labelledby", title.id);
      const all = document.createElement("dl");
      for (const [key, text] of keys) {
        const name = document.createElement("dt");
        name.append(...drawn(key));
        const does = document.createElement("dd");
        does.textContent = text;
        all.append(name, does);
      }
      const off = document.createElement("a");
      off.href = page;
      off.textContent = words.sayOff;
      const close = document.createElement("button");
      close.type = "button";
      close.textContent = words.sayClose;
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
