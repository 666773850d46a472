// A form that is sent without a connection would take its words with it: it is held on its page until the server can be
// reached. Without this script the browser's own page says so, and going back brings the words again in most browsers.
"use strict";
(() => {
  const form = document.querySelector("form[data-hold]");
  if (!form) return;
  const words = document.currentScript.dataset;
  const said = form.querySelector("[data-said]");
  let sure = false;
  let typed = false;
  let leaving = false;

  form.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", async (event) => {
    if (sure) return;
    event.preventDefault();
    const button = event.submitter;
    try {
      await fetch(form.dataset.hold, { redirect: "manual", cache: "no-store" });
    } catch {
      said.textContent = words.sayLost;
      said.classList.add("autosave--wrong");
      return said.scrollIntoView({ block: "nearest" });
    }
    sure = true;
    form.requestSubmit(button);
  });
  addEventListener("pageshow", () => (sure = false));

  // Whoever has to leave quickly is never asked.
  document.querySelector(".quick-exit")?.addEventListener("click", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (typed && !sure && !leaving && !navigator.onLine) event.preventDefault();
  });
})();
