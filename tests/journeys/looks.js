// How wide the page is, and the different ways in which words look on it; the elements of these are left in `looks`.
() => {
  const BEHIND = ["backgroundColor", "backgroundImage", "opacity", "position", "filter", "mixBlendMode"];
  const OF_THE_WORD = ["color", "fontSize", "fontWeight", "textShadow", "visibility"];
  const known = new Map();

  function behind(one) {
    if (!one) return "";
    if (!known.has(one)) {
      const style = getComputedStyle(one);
      const own = [one.localName, one.className, ...BEHIND.map((name) => style[name])];
      known.set(one, `${behind(one.parentElement)} > ${own.join("|")}`);
    }
    return known.get(one);
  }

  function hasWords(one) {
    if (one.matches("input, select, textarea, button, summary")) return true;
    return [...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  }

  const looks = new Map();
  for (const one of document.body.querySelectorAll("*")) {
    if (!hasWords(one) || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    const word = [...OF_THE_WORD.map((name) => style[name]), one.scrollWidth > one.clientWidth, one.matches(":disabled")];
    looks.set(`${behind(one)} ${word.join("|")}`, one);
  }
  window.looks = [...looks.values()];
  return [document.documentElement.scrollWidth, [...looks.keys()]];
}
