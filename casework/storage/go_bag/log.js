// The visit log: filled in without a network, kept here under the bag's own key while it is typed, carried home as a
// file or as a code.
const ANSWERS = [
  ["yes", "They said yes"],
  ["think", "They will think about it"],
  ["no", "They said no"],
  ["none", "Nobody saw us, or nobody answered"],
];

// Without what is empty: each line less is one line less to type.
function lean(told) {
  const kept = Object.entries(told).map(([name, value]) => [name, value && typeof value === "object" && !Array.isArray(value) ? lean(value) : value]);
  return Object.fromEntries(kept.filter(([, value]) => value && (typeof value !== "object" || Object.keys(value).length)));
}
const asCarried = (log) => lean({ ...log, promises: log.promises.map(lean).filter((one) => Object.keys(one).length) });

const newEntry = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Where the log lies between two openings. Some browsers and every private window keep nothing.
function shelf(bag) {
  const name = `go-bag ${bag}`;
  try {
    localStorage.setItem(`${name} ?`, "1");
    localStorage.removeItem(`${name} ?`);
  } catch {
    return null;
  }
  return {
    read: () => localStorage.getItem(name),
    write: (text) => localStorage.setItem(name, text),
    clear: () => localStorage.removeItem(name),
  };
}

class Logs {
  constructor(key, bag) {
    this.key = key;
    this.bag = bag;
    this.shelf = shelf(bag);
    this.all = [];
    this.writing = Promise.resolve();
  }

  async kept() {
    try {
      const text = this.shelf && this.shelf.read();
      return text ? JSON.parse(asText(await unseal(this.key, fromBase64(text), `kept ${this.bag}`))) : [];
    } catch {
      return [];
    }
  }

  async read() {
    this.all = await this.kept();
  }

  // One after another, so that the newest words are the last that are written. What another window of the same bag
  // wrote stays.
  keep() {
    this.writing = this.writing.then(async () => {
      if (!this.shelf) return false;
      try {
        const own = new Set(this.all.map((one) => one.entry));
        const others = (await this.kept()).filter((one) => !own.has(one.entry));
        const text = asBytes(JSON.stringify([...others, ...this.all]));
        this.shelf.write(toBase64(await seal(this.key, text, `kept ${this.bag}`)));
        return true;
      } catch {
        return false;
      }
    });
    return this.writing;
  }

  clear() {
    this.all = [];
    if (this.shelf) this.shelf.clear();
  }
}

function field(id, label, control, hint) {
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return make("div", { class: "field" }, make("label", { for: id, say: label }), hint ? make("p", { class: "hint", id: `${id}-hint`, say: hint }) : null, control);
}

function logSection(logs, scripts) {
  const holder = make("div", {});
  let log = logs.all[logs.all.length - 1];
  let timer = 0;
  const said = make("p", { role: "status", class: "said" });
  const out = make("div", {});

  async function keepNow() {
    clearTimeout(timer);
    timer = 0;
    const kept = await logs.keep();
    const now = new Date().toLocaleTimeString(spoken ? spoken.code : "en-GB", { hour: "2-digit", minute: "2-digit" });
    if (kept) say(said, "Kept on this device, encrypted: {time}.", { time: now });
    else {
      said.className = "warn";
      say(said, "This browser keeps nothing for this page. Before you close it, save the log as a file or write down its code, below.");
      if (logs.all.some((one) => one.answer || one.said || one.met)) await showCode();
    }
  }
  function changed() {
    clearTimeout(timer);
    timer = setTimeout(keepNow, 250);
  }
  function bound(control, where, name) {
    control.value = where[name] || "";
    control.addEventListener("input", () => {
      where[name] = control.value;
      changed();
    });
    return control;
  }
  const lineOf = (where, name, id, label, hint) => field(id, label, bound(make("input", { type: "text", autocomplete: "off", dir: "auto" }), where, name), hint);
  const textOf = (where, name, id, label, hint) => field(id, label, bound(make("textarea", { rows: "4", dir: "auto" }), where, name), hint);
  const dayOf = (where, name, id, label, hint) => field(id, label, bound(make("input", { type: "date" }), where, name), hint);

  function begin() {
    const first = scripts[0] || {};
    log = { entry: newEntry(), gss: first.gss || "", visit: first.visit || null, on: today(), where: first.where || "", promises: [{}, {}], next: {} };
    logs.all.push(log);
    draw();
  }

  function chooseMember() {
    const list = make("select", {});
    scripts.forEach((one, number) => list.append(told("option", [one.member, one.constituency].filter(Boolean).join(", "), { value: String(number) })));
    list.append(make("option", { value: "", say: "Another MP" }));
    const number = scripts.findIndex((one) => one.gss === log.gss && (one.visit || null) === (log.visit || null));
    list.value = number < 0 ? "" : String(number);
    list.addEventListener("input", () => {
      const one = scripts[list.value] || {};
      log.gss = one.gss || "";
      log.visit = one.visit || null;
      changed();
    });
    return field("log-mp", "Which MP", list);
  }

  function answers() {
    const group = make("fieldset", { class: "field" }, make("legend", { say: "What did they say to the one question?" }));
    for (const [value, label] of ANSWERS) {
      const box = make("input", { type: "radio", name: "answer", value });
      box.checked = log.answer === value;
      box.addEventListener("input", () => {
        log.answer = value;
        changed();
      });
      group.append(make("label", { class: "tick" }, box, make("span", { say: label })));
    }
    return group;
  }

  const lines = () => carried(logs.key, logs.bag, asCarried(log));

  async function showCode() {
    const code = make("ol", { class: "code" });
    for (const line of await lines()) code.append(make("li", { text: line, dir: "ltr", lang: "en" }));
    out.replaceChildren(
      make("h3", { say: "The code" }),
      make("p", { say: "Write it down, print it or send it: nobody but your group can read it. On the page of the case it is typed in line by line." }),
      code,
    );
  }

  async function saveFile() {
    await keepNow();
    const text = `${(await lines()).join("\n")}\n`;
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = make("a", { href: address, download: `visit-log-${today()}.txt` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  // The log is gone from this device only after a second press.
  function clearButton() {
    const button = make("button", { type: "button", class: "button--quiet", say: "Delete the log from this device" });
    let sure = false;
    button.addEventListener("click", () => {
      if (!sure) {
        sure = true;
        say(button, "Was it taken in? Press again to delete it here.");
        return;
      }
      clearTimeout(timer);
      timer = 0;
      logs.clear();
      begin();
      say(said, "The log is deleted from this device.");
    });
    return button;
  }

  function draw() {
    const number = logs.all.indexOf(log) + 1;
    const form = make("form", { class: "log", autocomplete: "off" });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.append(
      chooseMember(),
      dayOf(log, "on", "log-on", "Day of the visit"),
      lineOf(log, "where", "log-where", "Where"),
      lineOf(log, "went", "log-went", "Who went"),
      lineOf(log, "met", "log-met", "Whom you met", "The MP, a caseworker: with names if you have them."),
      textOf(log, "asked", "log-asked", "What you asked"),
      answers(),
      textOf(log, "said", "log-said", "What was said"),
    );
    log.promises.forEach((promise, at) => {
      form.append(
        make(
          "fieldset",
          { class: "group" },
          make("legend", { say: at ? "Another promise" : "What they promised" }),
          lineOf(promise, "what", `log-p${at}-what`, "What"),
          lineOf(promise, "who", `log-p${at}-who`, "By whom"),
          dayOf(promise, "by", `log-p${at}-by`, "By when"),
        ),
      );
    });
    form.append(
      make(
        "fieldset",
        { class: "group" },
        make("legend", { say: "What we do next" }),
        lineOf(log.next, "what", "log-next-what", "What"),
        dayOf(log.next, "by", "log-next-by", "By when"),
      ),
    );
    const others = make("div", { class: "bar" });
    logs.all.forEach((one, at) => {
      if (one === log) return;
      const button = make("button", { type: "button", class: "button--quiet" });
      say(button, "Visit {number}", { number: at + 1 });
      button.addEventListener("click", () => {
        log = one;
        draw();
      });
      others.append(button);
    });
    out.replaceChildren();
    const heading = say(make("h3", { tabindex: "-1" }), "Visit {number}", { number });
    holder.replaceChildren(
      others,
      heading,
      form,
      said,
      make("h3", { say: "Carry it home" }),
      make("p", { say: "The page of the case takes the file or the code in, shows what it says, and makes follow-ups of the promises." }),
      make(
        "div",
        { class: "bar" },
        make("button", { type: "button", say: "Save the log as a file", onclick: saveFile }),
        make("button", { type: "button", class: "button--quiet", say: "Show the code", onclick: async () => { await keepNow(); await showCode(); } }),
        make("button", { type: "button", class: "button--quiet", say: "Another visit", onclick: begin }),
        clearButton(),
      ),
      out,
    );
  }

  if (log) draw();
  else begin();
  const note = logs.shelf
    ? make("p", { class: "hint", say: "What you type is kept on this device, encrypted, while you type. A private window forgets it when it is closed." })
    : make("p", { class: "warn", say: "This browser keeps nothing for this page. Before you close it, save the log as a file or write down its code, below." });
  return { element: section("log", "What happened at the visit", note, holder), flush: () => (timer ? keepNow() : logs.writing) };
}
