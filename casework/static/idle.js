// Asks whether somebody is still there before they are signed out, and hides the page when they are. Without it a form
// that is sent too late still brings back what was typed.
"use strict";
(() => {
  const WARN = 120; // seconds before the end
  const words = document.currentScript.dataset;
  const { left: path, signIn, seconds: atFirst } = words;
  let timer = 0;
  let changed = null;
  let ended = false;
  let dialog, title, said, stay;

  document.addEventListener("input", (event) => (changed = event.target.form || changed));

  function build() {
    dialog = document.createElement("dialog");
    dialog.className = "idle";
    dialog.setAttribute("aria-labelledby", "idle-title");
    title = document.createElement("h2");
    title.id = "idle-title";
    said = document.createElement("p");
    said.setAttribute("role", "status");
    stay = document.createElement("button");
    stay.type = "button";
    dialog.append(title, said, stay);
    document.body.append(dialog);
    dialog.addEventListener("close", () => ended && dialog.showModal());
  }

  function show(heading, text, button, press) {
    if (!dialog) build();
    title.textContent = heading;
    said.textContent = text;
    stay.textContent = button;
    stay.onclick = press;
    if (!dialog.open) dialog.showModal();
  }

  // How many seconds are left; none when the sign-in has ended, and null without a connection.
  async function ask(here) {
    try {
      const answer = await fetch(here ? `${path}?here=yes` : path, { redirect: "manual" });
      return answer.ok ? (await answer.json()).seconds : 0;
    } catch {
      return null;
    }
  }

  function over() {
    ended = true;
    show(
      words.sayOver,
      changed ? words.sayKept : words.sayGoOn,
      changed ? words.sayKeep : words.sayIn,
      () => (changed ? changed.submit() : location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`)),
    );
    dialog.classList.add("idle--over");
  }

  function settle(seconds) {
    clearTimeout(timer);
    if (seconds === 0) return over();
    if (seconds === null) return wait(30);
    if (seconds > WARN) {
      if (dialog && dialog.open) dialog.close();
      return wait(seconds - WARN);
    }
    show(words.sayStill, seconds < 90 ? words.sayOne : words.sayTwo, words.sayStay, async () => settle(await ask(true)));
    wait(seconds > 60 ? 60 : seconds + 1);
  }

  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(async () => settle(await ask(false)), Math.min(seconds, 3600) * 1000);
  }

  // A machine that slept comes back to its clock late.
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "visible") settle(await ask(false));
  });
  addEventListener("pageshow", async (event) => event.persisted && settle(await ask(false)));
  settle(Number(atFirst));
})();
