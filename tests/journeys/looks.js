// How wide the page is, and the different ways in which words look on it; the elements of these are left in `looks`.
() => {
  const BEHIND = ["backgroundColor", "backgroundImage", "opacity", "position", "filter", "mixBlendMode", "transform", "float"];
  const PLAIN = "rgba(0, 0, 0, 0)|none|1|static|none|normal|none|none";
  const MARGINS = ["marginTop", "marginRight", "marginBottom", "marginLeft"];
  const OF_THE_WORD = ["color", "fontSize", "fontWeight", "textShadow", "visibility"];
  const OF_A_LINK = ["textDecoration", "fontStyle", "fontFamily", "borderBottom", "display"];
  const known = new Map();

  // Of what a word stands on, only that counts which paints something, or lies elsewhere than where the page puts it.
  function behind(one) {
    if (!one) return "";
    if (!known.has(one)) {
      const style = getComputedStyle(one);
      const own = BEHIND.map((name) => style[name]).join("|");
      const moved = style.position !== "static" || MARGINS.some((name) => style[name].startsWith("-"));
      const drawn = moved ? `${own}|${one.className}` : own;
      known.set(one, drawn === PLAIN ? behind(one.parentElement) : `${behind(one.parentElement)} > ${drawn}`);
    }
    return known.get(one);
  }

  function hasWords(one) {
    if (one.matches("a, input, select, textarea, button, summary")) return true;
    return [...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  }

  // Of what is switched off, and of a single sign, axe says nothing: what looks like them is still to be asked of.
  function unasked(one) {
    const control = one.closest("label")?.control ?? one;
    const isOff = control.matches(":disabled") || Boolean(one.closest("[aria-disabled=true]"));
    return [isOff, one.textContent.trim().length === 1];
  }

  // A link has to be told from the words beside it, of which there may be none, a few, or more than it has itself.
  function beside(link) {
    let block = link.parentElement;
    while (block.parentElement && getComputedStyle(block).display === "inline") block = block.parentElement;
    const links = [...block.querySelectorAll("a, button, select")];
    const within = links.reduce((sum, { textContent }) => sum + textContent.trim().length, 0);
    const words = block.textContent.replace(/\s+/g, " ").trim().length - within;
    const around = getComputedStyle(link.parentElement);
    const much = words > link.textContent.trim().length ? "more" : words > 1;
    return [much, ...OF_THE_WORD.map((name) => around[name]), ...OF_A_LINK.map((name) => getComputedStyle(link)[name])];
  }

  const looks = new Map();
  for (const one of document.body.querySelectorAll("*")) {
    if (!hasWords(one) || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const word = [...OF_THE_WORD.map((name) => style[name]), one.scrollWidth > one.clientWidth, ...unasked(one)];
    if (one.localName === "a") word.push(...beside(one));
    looks.set(`${behind(one)} ${word.join("|")}`, one);
  }
  window.looks = [...looks.values()];
  return [document.documentElement.scrollWidth, [...looks.keys()]];
}
