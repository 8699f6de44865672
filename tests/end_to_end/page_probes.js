// What a test asks of a whole page: () => ({ nameless, structure, faint, moving }).
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const count = (selector) => all(selector).length;

  const name = (element) => {
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const labelled = ids.map((id) => document.getElementById(id)?.textContent ?? "").join("");
    const label = [...(element.labels ?? [])].map((one) => one.textContent).join("");
    const text = element.matches("input, select") ? "" : element.textContent;
    return (element.getAttribute("aria-label") || labelled || label || text).trim();
  };
  const controls = all("button, a[href], input, select, summary, [role=option], [tabindex]");
  const nameless = controls.filter((one) => one.checkVisibility() && !name(one)).map((one) => one.outerHTML);

  const references = ["aria-controls", "aria-describedby", "aria-labelledby"];
  const ids = all("[id]").map((one) => one.id);
  const structure = {
    lang: document.documentElement.lang,
    title: document.title,
    levels: all("h1, h2, h3, h4").filter((one) => one.checkVisibility()).map((one) => +one.tagName[1]),
    landmarks: [count("main"), count("body > header"), count("h1")],
    repeated: ids.filter((id, index) => ids.indexOf(id) !== index),
    nowhere: references
      .flatMap((kind) => all(`[${kind}]`).flatMap((one) => one.getAttribute(kind).split(" ")))
      .filter((id) => !document.getElementById(id)),
    untitled: all("fieldset").filter((one) => !one.querySelector("legend")).length,
  };

  // Every text against the worst colour behind it (WCAG 2.2, 1.4.3).
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((v, i) => v * a + below[i] * (1 - a));
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) =>
    0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ratio = (one, two) => {
    const [high, low] = [light(one), light(two)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    if (!element) return [[10, 13, 20]];
    const style = getComputedStyle(element);
    const below = behind(element.parentElement);
    const stops = style.backgroundImage.match(/rgba?\([^)]*\)/g) ?? [];
    const layers = [style.backgroundColor, ...stops].map(parse).filter((layer) => layer[3] > 0);
    return layers.length ? layers.flatMap((layer) => below.map((one) => over(layer, one))) : below;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest("noscript, .unseen, option")) continue;
    const style = getComputedStyle(element);
    const worst = Math.min(...behind(element).map((one) => ratio(parse(style.color), one)));
    if (worst < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.push(`${text}: ${worst}`);
  }

  const seconds = (element) => getComputedStyle(element).transitionDuration.split(", ");
  const moving = all("*").filter((one) => seconds(one).some((time) => parseFloat(time) > 0.01));
  return { nameless, structure, faint, moving: moving.length };
}
