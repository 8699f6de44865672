// The row of takes, and the switch between the last two.

import { byId, make } from "./dom.js";

export function showTakes(session) {
  const { takes, current, other } = session;
  byId("takes").hidden = takes.length === 0;
  byId("take-list").replaceChildren(...takes.map((take) => make("li", {},
    make("button", {
      type: "button", class: "take", "aria-current": take === current ? "true" : null,
      "aria-label": `Take ${take.number}: ${take.clip.title}, ${take.note}`,
      onclick: () => session.put(take, { play: true }),
    }, make("b", {}, String(take.number)), take.note))));
  showCurrent(byId("take-list"));
  const compare = byId("compare");
  compare.hidden = !other;
  if (other) compare.replaceChildren("A/B with take ", String(other.number), " ", make("kbd", {}, "B"));
}

// Moves the row alone: scrollIntoView would move the page too, and on a phone the clip out of sight.
function showCurrent(list) {
  const current = list.querySelector("[aria-current]");
  if (current) list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.clientWidth) / 2;
}
