// Says how far a batch of letters is while it is being made. Without it the page has a link that asks again.
"use strict";
(() => {
  const EVERY = 1500; // milliseconds
  const section = document.querySelector("[data-progress]");
  if (!section) return;
  const said = section.querySelector("[data-said]");
  const bar = section.querySelector("progress");
  let failed = -1;

  async function look() {
    let at;
    try {
      const answer = await fetch(section.dataset.progress, { redirect: "manual" });
      if (!answer.ok) return location.reload();
      at = await answer.json();
    } catch {
      return setTimeout(look, 4 * EVERY); // no connection: what was said last still stands
    }
    if (!at.is_at_work || (failed >= 0 && at.failed !== failed)) return location.reload();
    failed = at.failed;
    if (said.textContent !== at.said) said.textContent = at.said;
    bar.value = at.done;
    document.title = `${at.title} – Casework`;
    setTimeout(look, document.hidden ? 4 * EVERY : EVERY);
  }

  setTimeout(look, EVERY);
})();
