// Your data: what is held, votes to take back, all of it as a file, or gone.

import { Refusal, ask } from "./api.js";
import { announce, byId, icon, make } from "./dom.js";

const FIRST_SHOWN = 12;
const FACES = { add: "plus", up: "yes", liked: "yes", known: "known", down: "no" };
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

let shown = FIRST_SHOWN;
let holding = false;

/** Shows what is held while the section is open; the callbacks hear what was done here. */
export function openHeld(onUndo, onDelete) {
  const held = byId("held");
  const refresh = () => held.open && guarded(async () => show(await ask("/api/privacy")));
  held.addEventListener("toggle", () => {
    shown = FIRST_SHOWN;
    sure(false);
    refresh();
  });
  addEventListener("taste", refresh);
  byId("forget").addEventListener("click", () => {
    sure(true);
    byId("forget-not").focus();
  });
  byId("forget-not").addEventListener("click", () => {
    sure(false);
    byId("forget").focus();
  });
  byId("forget-sure").addEventListener("click", () => guarded(async () => {
    show(await ask("/api/privacy/delete", {}));
    announce("Everything is deleted");
    onDelete();
  }));

  async function undo(mark) {
    show(await ask("/api/privacy/undo", { id: mark.id }));
    byId("marks").querySelector("button")?.focus();
    announce(`Taken back: ${mark.says}, ${mark.artist}`);
    onUndo();
  }

  function show({ parts, marks }) {
    byId("held-parts").replaceChildren(...parts.flatMap(part));
    holding = parts.length > 0;
    byId("held-none").hidden = holding;
    sure(holding && !byId("held-sure").hidden);
    byId("marks").replaceChildren(...marks.slice(0, shown).map((mark) => line(mark, () => guarded(() => undo(mark)))));
    const left = marks.length - shown;
    const more = byId("more-marks");
    more.hidden = left <= 0;
    more.textContent = `Show ${left} more`;
    more.onclick = () => {
      shown = marks.length;
      show({ parts, marks });
    };
  }
}

function sure(asking) {
  byId("held-sure").hidden = !asking;
  byId("held-acts").hidden = asking || !holding;
}

async function guarded(act) {
  byId("held-problem").textContent = "";
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId("held-problem").textContent = error.message;
  }
}

function part({ title, text, since }) {
  const from = since === null ? null : make("span", { class: "held-since" }, `since ${on(since)}`);
  return [make("dt", {}, title, from), make("dd", {}, text)];
}

function line(mark, undo) {
  return make("li", { class: "mark" },
    make("span", { class: `mark-kind ${mark.kind}`, title: mark.says }, icon(FACES[mark.kind])),
    make("span", { class: "mark-artist" }, mark.artist, make("span", { class: "unseen" }, `, ${mark.says}`)),
    make("span", { class: "mark-day" }, on(mark.at)),
    make("button", { type: "button", class: "undo", "aria-label": `Take back: ${mark.says}, ${mark.artist}`, onclick: undo }, "Undo"));
}

const on = (seconds) => DAY.format(new Date(seconds * 1000));
