// Opens the bag, shows it, and closes it again.
let key = null;
let logs = null;
let flush = null;
let idle = 0;
let idleFor = 600000;
let asking = false;
const addresses = [];

const place = (id) => document.getElementById(id);

function close(message) {
  const kept = flush ? flush() : null;
  clearTimeout(idle);
  addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
  const inside = place("inside");
  inside.replaceChildren();
  inside.hidden = true;
  key = logs = flush = null;
  words = {};
  spoken = null;
  document.documentElement.lang = "en-GB";
  document.documentElement.dir = "ltr";
  place("outside").hidden = false;
  place("passphrase").value = "";
  place("wrong").textContent = "";
  place("busy").textContent = message || "";
  place("passphrase").focus();
  return kept;
}

function touched() {
  if (!key) return;
  clearTimeout(idle);
  idle = setTimeout(() => close("It closed itself, because nothing was touched for a while. What you typed in the log is kept."), idleFor);
}

function wrong(message) {
  place("busy").textContent = "";
  place("wrong").textContent = message;
  place("passphrase").focus();
}

async function open(header, line) {
  place("wrong").textContent = "";
  if (!place("passphrase").value.trim()) return wrong("Type the passphrase.");
  place("busy").textContent = "Opening. On an old phone this takes some seconds.";
  await new Promise((done) => setTimeout(done, 30));
  const found = await keyFrom(place("passphrase").value, header);
  if (!(await isRight(found, header))) {
    return wrong("This is not the passphrase, or the file is damaged at its beginning. Nothing is lost: look at it letter by letter, and try again.");
  }
  const index = await openPart(found, line, 0);
  if (!index) {
    return wrong("The passphrase is right, but this file is damaged or was changed, so it cannot be opened. Ask for a new copy.");
  }
  place("passphrase").value = "";
  place("show").checked = false;
  place("passphrase").type = "password";
  await show(found, header, line, JSON.parse(asText(index)));
}

async function show(found, header, line, index) {
  key = found;
  idleFor = index.idle_minutes * 60000;
  const read = (number) => openPart(found, line, number);
  const sections = {};
  for (const [name, number] of Object.entries(index.sections)) {
    const part = await read(number);
    sections[name] = part && JSON.parse(asText(part));
  }
  logs = new Logs(await aesKey(fromBase64(index.log_key)), index.bag);
  await logs.read();
  words = index.words;
  const draw = (language) => {
    if (flush) flush();
    spoken = language;
    document.documentElement.lang = spoken ? spoken.code : "en-GB";
    document.documentElement.dir = spoken ? spoken.dir : "ltr";
    const within = inside(header, index, sections, read, draw);
    place("inside").replaceChildren(within);
    within.querySelector("h1").focus();
  };
  place("busy").textContent = "";
  place("outside").hidden = true;
  place("inside").hidden = false;
  draw(index.for_person ? index.language : null);
  touched();
}

function warnings(header, index) {
  const age = daysBetween(header.made, today());
  const found = [];
  if (daysBetween(header.expires, today()) > 0) {
    found.push(say(make("p", { class: "warn", role: "status" }), "This copy has expired: it is {days} days old. Facts may have changed. Check before you use it, and ask for a new one.", { days: age }));
  } else if (age > 0) {
    found.push(say(make("p", { class: "warn", role: "status" }), "This copy is {days} days old. Facts may have changed: check before you use it.", { days: age }));
  }
  if (spoken) found.push(make("p", { class: "hint", say: "Some of this is in English: it is as it was written." }));
  if (spoken && index.is_draft) found.push(make("p", { class: "hint", say: "Draft translation. Nobody who speaks this language well has checked all of it yet." }));
  if (index.left_out) found.push(make("p", { class: "hint", say: "Some things are left out: there is no consent to tell them." }));
  return found;
}

function inside(header, index, sections, read, draw) {
  const log = logSection(logs, sections.surgery || []);
  flush = log.flush;
  const all = [
    briefSection(sections.brief),
    surgerySection(sections.surgery),
    log.element,
    datesSection(sections.dates),
    contactsSection(sections.contacts),
    papersSection(index.papers, read, (address) => addresses.push(address)),
  ];
  if (index.for_person) all.push(ownSection(sections.own));
  const links = make("ul", {});
  for (const one of all) {
    const heading = one.querySelector("h2");
    const link = make("a", { href: `#${one.id}`, lang: heading.getAttribute("lang"), text: heading.textContent });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      heading.scrollIntoView();
      heading.focus();
    });
    links.append(make("li", {}, link));
  }
  const bar = make("div", { class: "bar" }, make("button", { type: "button", say: "Close the bag", onclick: () => close("It is closed.") }));
  if (index.language) {
    const other = spoken ? null : index.language;
    const button = make("button", { type: "button", class: "button--quiet", lang: other ? other.code : "en-GB", text: other ? other.own_name : "English" });
    button.addEventListener("click", () => draw(other));
    bar.append(button);
  }
  const made = "Made on {made}. Expires on {expires}.";
  const days = say(make("p", { class: "quiet" }), made, { made: day(header.made, made), expires: day(header.expires, made) });
  const nav = make("nav", {}, links);
  nav.setAttribute("aria-label", translated("What is in it") || "What is in it");
  return make("main", {}, make("h1", { tabindex: "-1", say: "Papers" }), bar, days, ...warnings(header, index), nav, ...all);
}

document.addEventListener("DOMContentLoaded", () => {
  const line = place("header").textContent;
  let header;
  try {
    header = JSON.parse(line);
  } catch {
    place("cannot").textContent = "This file is damaged at its beginning, so it cannot be opened. Ask for a new copy.";
    return;
  }
  if (!window.crypto || !crypto.subtle || header.go_bag !== 1) return;
  place("cannot").hidden = true;
  place("open").hidden = false;
  if (daysBetween(header.expires, today()) > 0) {
    place("old").hidden = false;
    place("old").textContent = "This copy has expired. It still opens, but facts may have changed: ask for a new one.";
  }
  place("show").addEventListener("change", (event) => (place("passphrase").type = event.target.checked ? "text" : "password"));
  place("open").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    try {
      await open(header, line);
    } catch {
      wrong("This file is damaged, so it cannot be opened. Ask for a new copy.");
    } finally {
      asking = false;
    }
  });
  for (const what of ["input", "keydown", "pointerdown", "scroll"]) addEventListener(what, touched, { passive: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush && flush());
  addEventListener("pagehide", () => flush && flush());
});
