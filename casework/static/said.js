// Has what was done be read aloud on a page that begins further down: there the browser leaves the focus where it is.
// On other pages, and without it, the message has the focus.
"use strict";
(() => {
  const said = document.querySelector(".said");
  if (!said || !location.hash) return;
  const aloud = document.createElement("p");
  aloud.className = "unseen";
  aloud.setAttribute("role", "status");
  document.body.append(aloud);
  setTimeout(() => {
    aloud.textContent = [...said.querySelectorAll("p")].map((line) => line.textContent.trim()).join(" ");
  }, 500); // a region is heard when it changes, once it is known
  setTimeout(() => aloud.remove(), 60000); // else it is read once more at the end of the page
})();
