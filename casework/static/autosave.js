// Saves a draft as somebody types, and says so: "Saved 14:32". Without it the buttons of the page save.
// Words are kept nowhere but on the page and, once saved, on the server.
"use strict";
(() => {
  const PAUSE = 2000; // milliseconds from the first letter typed to saving
  const AGAIN = 10000; // and to the next try without a connection
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const words = document.currentScript.dataset;
  const said = form.querySelector("[data-said]");
  let timer = 0;
  let unsaved = false;
  let lostAt = "";
  let givenUp = false;
  let gone = false;
  let sure = false;
  let leaving = false;
  let queue = Promise.resolve(true);

  const hour = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

  function say(text, wrong) {
    if (said.textContent !== text) said.textContent = text;
    said.classList.toggle("autosave--wrong", Boolean(wrong));
  }

  function giveUp(text) {
    givenUp = true;
    unsaved = true;
    say(text, true);
  }

  // Whether the page may be sent: the server can be reached, and the draft is still there.
  async function send(keepalive) {
    if (givenUp) return !gone;
    unsaved = false;
    const typed = new FormData(form);
    typed.delete("once");
    let answer;
    try {
      answer = await fetch(form.dataset.autosave, { method: "POST", body: typed, redirect: "manual", keepalive });
    } catch {
      unsaved = true;
      lostAt = lostAt || hour();
      say(words.sayLost.replace("{time}", lostAt), true);
      soon(AGAIN);
      return false;
    }
    lostAt = "";
    if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) {
      const told = await answer.json();
      if (answer.ok) {
        form.elements.version.value = told.version;
        form.elements.as_opened.value = ""; // what was typed since is saved, so its marks say nothing any more
        say(told.said, false);
      } else if (answer.status === 409) {
        giveUp(told.said);
      } else {
        unsaved = true;
        say(told.said, true);
      }
    } else if (answer.status === 404) {
      gone = true;
      giveUp(words.sayGone);
      return false;
    } else if (answer.status >= 500) {
      unsaved = true;
      say(words.sayLater, true);
      soon(AGAIN);
    } else {
      giveUp(words.sayOut);
    }
    return true;
  }

  function save(keepalive = false) {
    clearTimeout(timer);
    timer = 0;
    queue = queue.then(() => send(keepalive));
    return queue;
  }

  function soon(pause) {
    if (!timer && !givenUp) timer = setTimeout(save, pause);
  }

  form.addEventListener("input", () => {
    unsaved = true;
    soon(PAUSE);
  });
  addEventListener("online", () => unsaved && save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved && !leaving) save(true);
  });

  // A page that cannot be sent would take the words with it: it goes only when the server can be reached.
  form.addEventListener("submit", (event) => {
    if (sure || (givenUp && !gone)) return;
    event.preventDefault();
    const button = event.submitter;
    save().then((reached) => {
      if (!reached) return said.scrollIntoView({ block: "nearest" });
      sure = true;
      form.requestSubmit(button);
    });
  });
  addEventListener("pageshow", () => (sure = false));

  // Whoever has to leave quickly is never asked.
  document.querySelector(".quick-exit")?.addEventListener("click", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (unsaved && lostAt && !sure && !leaving) event.preventDefault();
  });
})();
