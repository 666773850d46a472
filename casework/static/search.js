// Shows what is found while somebody types. Without it the button beside the box does the same.
// What is typed goes to the server in the body of a request, and is kept nowhere.
"use strict";
(() => {
  const PAUSE = 200; // milliseconds from the last letter typed to asking
  const SHORTEST = 2; // letters
  const form = document.querySelector("form[data-as-typed]");
  if (!form) return;
  const box = form.elements.q;
  const said = form.querySelector("[data-counted]");
  const found = form.querySelector("[data-found]");
  const [group, line] = ["group", "line"].map((name) => form.querySelector(`template[data-${name}]`).content.firstElementChild);
  let timer = 0;
  let asked = null;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    found.hidden = true;
    found.replaceChildren();
    said.textContent = "";
  }

  function drawn(one) {
    const item = line.cloneNode(true);
    const [title, of, piece] = item.firstElementChild.children;
    item.firstElementChild.href = one.href;
    title.textContent = one.title;
    of.textContent = one.of;
    const [before, word, after] = piece.children;
    before.textContent = one.before;
    word.textContent = one.found;
    after.textContent = one.after;
    if (!one.found) word.remove();
    if (!one.before && !one.found) piece.remove();
    return item;
  }

  function show(answer) {
    found.replaceChildren(
      ...answer.groups.map((one) => {
        const section = group.cloneNode(true);
        section.querySelector("h2").textContent = one.title;
        section.querySelector("ul").append(...one.lines.map(drawn));
        return section;
      }),
    );
    if (!answer.groups.length && answer.said) found.textContent = answer.said;
    found.hidden = !answer.said;
    said.textContent = answer.heard;
  }

  async function ask() {
    asked?.abort();
    const mine = (asked = new AbortController());
    try {
      const answer = await fetch(form.dataset.asTyped, {
        method: "POST",
        body: new FormData(form),
        redirect: "manual",
        signal: mine.signal,
      });
      if (answer.ok && mine === asked && !mine.signal.aborted) show(await answer.json());
    } catch {
      // Another letter was typed, or there is no connection: the button is there still.
    }
  }

  // Up and down go through what was found, with the box above the first.
  function move(step) {
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    const next = at + step;
    if (next < 0) box.focus();
    else links[Math.min(next, links.length - 1)]?.focus();
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return;
    if (box.value.trim().length < SHORTEST) close();
    else timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input")));
  form.addEventListener("keydown", (event) => {
    if (found.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
      box.focus();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", (event) => form.contains(event.target) || close());
  form.addEventListener("submit", () => asked?.abort());
  // Whoever comes back to this page finds the box empty.
  addEventListener("pagehide", () => {
    close();
    box.value = "";
  });
})();
