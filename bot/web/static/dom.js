// Building elements without markup strings.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** An element with attributes (`on…` listeners, `class`, `dataset`, anything else) and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Tells screen readers what happened, without moving the focus. */
export function announce(sentence) {
  byId("status").textContent = sentence;
}

/** 83.4 becomes "1:23". */
export function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A key as music prints it: "Bb minor" becomes "B♭ minor". */
export function printed(key) {
  return key.replace(/^([A-G])b/, "$1♭").replace("#", "♯");
}

/** A link that may be followed: only https, so that nothing typed can become a script. */
export function safeLink(address) {
  return typeof address === "string" && address.startsWith("https://") ? address : null;
}
