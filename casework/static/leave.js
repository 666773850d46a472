// Leaves at once: the page is blank before anything else, the sign-in ends, and an ordinary page takes this one's place.
// Without it the link does the same in one step more. Escape, pressed three times, does it too.
"use strict";
(() => {
  const WITHIN = 2000; // milliseconds for the three
  const exit = document.querySelector(".quick-exit");
  if (!exit) return;
  let pressed = [];

  function leave() {
    document.documentElement.hidden = true;
    document.title = "Weather";
    fetch(exit.href, { redirect: "manual", keepalive: true }).catch(() => {});
    location.replace(exit.dataset.elsewhere);
  }

  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (pressed.length >= 3) leave();
  }, true);
})();
