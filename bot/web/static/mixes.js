// Mixes: what you play as a few lists, made anew each time they are opened.

import { Refusal, ask } from "./api.js";
import { announce, byId, make, safeLink } from "./dom.js";

let opened = null;
let stale = true;

/** Shows that there are mixes to be had, once any taste is known, and has those on the page made anew. */
export function offerMixes(tasteKnown) {
  const place = byId("mixes");
  place.hidden = !tasteKnown;
  stale = true;
  if (!tasteKnown) {
    place.open = false;
    byId("mix-names").replaceChildren();
    byId("mix").hidden = true;
    byId("mixes-problem").textContent = "";
  }
  const look = () => { if (place.open && stale) showMixes(); };
  place.ontoggle = look;
  look();
}

async function showMixes() {
  stale = false;
  byId("mixes-problem").textContent = "";
  byId("mixes").setAttribute("aria-busy", "true");
  try {
    showNames((await ask("/api/mixes")).mixes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    stale = true;
    byId("mix-names").replaceChildren();
    byId("mix").hidden = true;
    byId("mixes-problem").textContent = error.message;
  } finally {
    byId("mixes").removeAttribute("aria-busy");
  }
}

function showNames(mixes) {
  const buttons = mixes.map((mix) => make("button", {
    type: "button", class: "mix-name", "aria-pressed": "false", "aria-controls": "mix",
    onclick: () => { open(mix); announce(`${mix.name}: ${mix.items.length} items`); },
  }, mix.name));
  const open = (mix) => {
    opened = mix.id;
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(mixes[index] === mix)));
    showMix(mix);
  };
  byId("mix-names").replaceChildren(...buttons.map((button) => make("li", {}, button)));
  open(mixes.find((mix) => mix.id === opened) ?? mixes[0]);
}

function showMix(mix) {
  const known = mix.items.filter((item) => item.known).length;
  byId("mix").hidden = false;
  byId("mix-title").textContent = mix.name;
  byId("mix-note").textContent = `${known} you know, ${mix.items.length - known} new · ${mix.tags.join(" · ")}`;
  byId("mix-items").replaceChildren(...mix.items.map(line));
  byId("mix-items").scrollTop = 0;
}

function line(item) {
  const link = safeLink(item.link);
  const name = item.track || item.artist;
  const title = link
    ? make("a", { href: link, target: "_blank", rel: "noopener noreferrer", title: "Hear it on Spotify" }, name)
    : name;
  return make("li", { class: item.known ? "mix-item" : "mix-item new" },
    make("span", { class: "mix-track" }, title),
    item.track ? make("span", { class: "mix-artist" }, item.artist) : null,
    make("span", { class: "mix-reason" }, item.reason));
}
