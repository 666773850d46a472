// Pieces of a page. Whatever the bag holds becomes text and nothing else.
let words = {};
let spoken = null; // the language that is shown besides English: code, own_name, dir

const translated = (english) => (spoken && words[english]) || null;
// A day as the sentence says it in which it stands: in English where that is English.
const day = (iso, within = null) => {
  const [year, month, date] = iso.split("-").map(Number);
  const style = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const code = spoken && (!within || translated(within)) ? `${spoken.code}-u-ca-gregory` : "en-GB";
  return new Intl.DateTimeFormat(code, style).format(new Date(Date.UTC(year, month - 1, date)));
};
const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};
const daysBetween = (from, until) => Math.round((Date.parse(`${until}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86400000);

// What the program says, in the language that is shown; an English text in another language's page says so.
function say(element, english, values = {}) {
  let text = translated(english);
  if (spoken && !text) {
    element.lang = "en-GB";
    element.dir = "ltr";
  } else {
    element.removeAttribute("lang");
    element.removeAttribute("dir");
  }
  text = text || english;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, String(value));
  element.textContent = text;
  return element;
}

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "say") say(element, value);
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

// What the case holds is in English, or in whatever language somebody wrote.
const told = (tag, text, given = {}) => make(tag, { dir: "auto", lang: spoken ? "en-GB" : null, ...given, text });

// Lines with telephone numbers that can be pressed.
function withNumbers(tag, text) {
  const element = told(tag, "");
  let at = 0;
  for (const found of text.matchAll(/\+?\d[\d ()]{8,18}\d/g)) {
    element.append(text.slice(at, found.index));
    element.append(make("a", { href: `tel:${found[0].replace(/[ ()]/g, "")}`, text: found[0], dir: "ltr" }));
    at = found.index + found[0].length;
  }
  element.append(text.slice(at));
  return element;
}

function section(id, heading, ...children) {
  return make("section", { id, "aria-labelledby": `${id}-h` }, make("h2", { id: `${id}-h`, tabindex: "-1", say: heading }), ...children);
}

const damaged = () => make("p", { class: "warn", say: "This part is damaged and cannot be opened. The others can." });
const empty = (english) => make("p", { class: "quiet", say: english });
