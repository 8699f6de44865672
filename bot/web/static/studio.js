// The studio page: the form makes takes, the stage plays them, Listen stands beside.

import { Refusal } from "./api.js";
import { announce, byId, make } from "./dom.js";
import { openHeld } from "./held.js";
import { JamForm } from "./jam.js";
import { everythingDeleted, openListen, voteTakenBack } from "./listen.js";
import { Session } from "./session.js";
import { listenForShortcuts } from "./shortcuts.js";
import { Stage } from "./stage.js";
import { showTakes } from "./takes.js";

const session = new Session();
const stage = new Stage();
const form = new JamForm((wish, name) => makeClip("/api/jam", wish, {
  doing: `Making ${name.toLowerCase()}`, note: wishNote(wish), from: "jam-problem",
}));

async function makeClip(path, body, { doing, note, from }) {
  byId(from).textContent = "";
  try {
    const take = await session.run(path, body, { doing, note });
    if (take) announce(`Take ${take.number} is ready: ${take.clip.title}, ${take.clip.summary.bpm} bpm`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId(from).textContent = error.message;
  }
}

function wishNote(wish) {
  return [wish.style, wish.mood, wish.like && `like ${wish.like}`].filter(Boolean).join(", ");
}

function newTake() {
  if (!session.current) return;
  const { clip } = session.current;
  makeClip(`/api/clips/${clip.id}/new`, {}, {
    doing: "Writing a new take", note: "new take", from: "stage-problem",
  });
}

function vary(part) {
  makeClip(`/api/clips/${session.current.clip.id}/vary`, { part }, {
    doing: `Writing new ${part}`, note: `new ${part}`, from: "stage-problem",
  });
}

function showParts(clip) {
  byId("again").hidden = false;
  byId("empty").hidden = true;
  byId("vary").replaceChildren(...clip.summary.parts.map((part) => make("button", {
    type: "button", class: `part ${part}`, "aria-label": `Write the ${part} anew`,
    onclick: () => vary(part),
    onpointerenter: () => stage.roll.light(part), onpointerleave: () => stage.roll.light(null),
    onfocus: (event) => event.target.matches(":focus-visible") && stage.roll.light(part),
    onblur: () => stage.roll.light(null),
  }, part)));
}

// On a small screen the stage lies below the form: what was asked for comes to the reader.
function bringFloorIntoView(wanted) {
  if (wanted.getBoundingClientRect().bottom <= innerHeight) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  byId("floor").scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

let timer = 0;
function showBusy(doing) {
  clearInterval(timer);
  byId("progress").hidden = doing === null;
  for (const button of [byId("make"), byId("new-take"), ...byId("vary").children]) {
    button.setAttribute("aria-disabled", String(doing !== null));
  }
  byId("make").textContent = doing === null ? "Make" : "Making";
  if (doing === null) return;
  announce(`${doing}…`);
  bringFloorIntoView(byId("progress-text"));
  const begun = performance.now();
  const tell = () => {
    byId("progress-text").textContent = `${doing} · ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  };
  tell();
  timer = setInterval(tell, 100);
}

session.addEventListener("busy", ({ detail }) => showBusy(detail));
session.addEventListener("takes", () => showTakes(session));
session.addEventListener("put", ({ detail: { take, play } }) => {
  showParts(take.clip);
  stage.put(take.clip, { play });
  if (play) bringFloorIntoView(byId("play"));
});

byId("new-take").addEventListener("click", newTake);
byId("compare").addEventListener("click", () => session.compare());
listenForShortcuts({
  space: () => stage.clip && stage.player.toggle(),
  n: newTake,
  b: () => session.compare(),
  l: () => stage.clip && stage.toggleLoop(),
});

form.load();
openListen();
openHeld(voteTakenBack, everythingDeleted);
if (session.takes.length) session.put(session.takes.at(-1));
