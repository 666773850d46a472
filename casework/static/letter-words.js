// The preview of a letter's words follows what is typed. Without this script the button "Look at it" does the same.
const form = document.querySelector("form[data-look]");
// What the server drew may be put into the page, and nothing else may: the browser sees to it.
const drawn = window.trustedTypes
  ? trustedTypes.createPolicy("casework", { createHTML: (html) => html })
  : { createHTML: (html) => html };
const place = document.getElementById("look");
let timer;
let asked = 0;

async function look() {
  const mine = ++asked;
  const typed = new FormData(form);
  typed.delete("once");
  const answer = await fetch(form.dataset.look, { method: "POST", body: typed }).catch(() => null);
  if (mine === asked && answer && answer.ok && !answer.redirected) place.innerHTML = drawn.createHTML(await answer.text());
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, 500);
});
