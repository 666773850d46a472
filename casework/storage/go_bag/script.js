// The sections of the bag.
function briefSection(rows) {
  if (!rows) return section("brief", "In short", damaged());
  const list = make("dl", {});
  for (const { label, text } of rows) list.append(make("dt", { say: label }), told("dd", text));
  return section("brief", "In short", rows.length ? list : empty("Nothing may be told here."));
}

function surgerySection(scripts) {
  if (!scripts) return section("surgery", "What to say in a minute", damaged());
  const children = scripts.map((one) => {
    const large = make("div", { class: "large" });
    for (const [label, lines] of one.parts) {
      large.append(make("h4", { say: label }));
      for (const line of lines) large.append(told("p", line));
    }
    large.append(make("h4", { say: "Yes or no?" }), told("p", one.ask, { class: "ask" }));
    const about = [one.on ? day(one.on, "Dates") : "", one.where].filter(Boolean).join(" · ");
    return make(
      "article",
      {},
      told("h3", [one.member, one.constituency].filter(Boolean).join(", ")),
      about ? told("p", about, { class: "quiet" }) : null,
      say(make("p", { class: "hint" }), "About {seconds} seconds to say.", { seconds: one.seconds }),
      large,
      one.worth.length ? make("h4", { say: "Why it is worth it" }) : null,
      ...one.worth.map((line) => told("p", line)),
    );
  });
  return section("surgery", "What to say in a minute", ...(children.length ? children : [empty("No MP is known to ask.")]));
}

function countedDetails(counted) {
  const days = make("ul", {});
  for (const [on, why] of counted.days) days.append(told("li", `${on}: ${why}`));
  return make(
    "details",
    {},
    make("summary", { say: "How this was counted" }),
    counted.short ? told("p", counted.short) : null,
    make("p", {}, make("span", { say: "It starts from:" }), " ", told("span", counted.from)),
    counted.days.length ? days : null,
    ...counted.notes.map((note) => told("p", note)),
    counted.rule ? told("p", [counted.rule, ...counted.sources].join(" · "), { class: "quiet" }) : null,
  );
}

function datesSection(dates) {
  if (!dates) return section("dates", "Dates", damaged());
  const children = dates.map((one) =>
    make(
      "article",
      {},
      told("h3", one.title),
      told("p", one.when),
      told("p", one.what, { class: "quiet" }),
      one.counted ? countedDetails(one.counted) : null,
    ),
  );
  return section("dates", "Dates", ...(children.length ? children : [empty("No date is open.")]));
}

function contactsSection(rows) {
  if (!rows) return section("contacts", "Whom to ring", damaged());
  const list = make("dl", {});
  for (const [who, how] of rows) list.append(make("dt", { say: who }), withNumbers("dd", how));
  return section("contacts", "Whom to ring", rows.length ? list : empty("Nothing may be told here."));
}

function ownSection(lists) {
  if (!lists) return section("own", "About you", damaged());
  const children = [];
  for (const { heading, rows } of lists) {
    children.push(make("h3", { say: heading }));
    const list = make("dl", {});
    for (const [group, label, value] of rows) list.append(make("dt", { say: label || group }), told("dd", value));
    children.push(list);
  }
  return section("own", "About you", ...children);
}

const ENDINGS = { "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png" };

// Papers are opened one at a time, when somebody asks. `readPart` gives the bytes of a part, or null.
function papersSection(papers, readPart, keepAddress) {
  const list = make("ul", { class: "papers" });
  papers.forEach((paper, number) => {
    const type = ENDINGS[paper.type] ? paper.type : "application/octet-stream";
    const said = make("p", { role: "status", class: "said" });
    const bar = make("div", { class: "bar" });
    const title = told("span", paper.title, { id: `paper-${number}` });
    const button = make("button", { type: "button", say: "Open", "aria-describedby": `paper-${number}` });
    button.addEventListener("click", async () => {
      button.disabled = true;
      say(said, "Opening …");
      const parts = [];
      for (let part = paper.first; part < paper.first + paper.parts; part++) parts.push(await readPart(part));
      button.disabled = false;
      if (parts.includes(null)) {
        said.className = "warn";
        say(said, "This paper is damaged and cannot be opened. The others can.");
        return;
      }
      said.textContent = "";
      const address = URL.createObjectURL(new Blob(parts, { type }));
      keepAddress(address);
      const name = `paper-${number + 1}.${ENDINGS[type] || "bin"}`;
      bar.replaceChildren(
        make("a", { class: "button", href: address, target: "_blank", say: "Look at it", "aria-describedby": `paper-${number}` }),
        make("a", { class: "button button--quiet", href: address, download: name, say: "Save it", "aria-describedby": `paper-${number}` }),
      );
      bar.firstChild.focus();
    });
    bar.append(button);
    const size = paper.bytes > 1000000 ? `${(paper.bytes / 1000000).toFixed(1)} MB` : `${Math.ceil(paper.bytes / 1000)} kB`;
    list.append(make("li", {}, title, " ", make("small", { class: "quiet", text: size, dir: "ltr" }), bar, said));
  });
  const note = make("p", { class: "hint", say: "A paper that you save lies on this device for anybody to read. Delete it afterwards." });
  return section("papers", "Papers", ...(papers.length ? [note, list] : [empty("There are no papers in this copy.")]));
}
