// Listen: what you play, and music found from it.

import { Refusal, ask, upload } from "./api.js";
import { suggestArtists } from "./combobox.js";
import { announce, byId, icon, make, safeLink } from "./dom.js";
import { offerMixes } from "./mixes.js";

const LARGEST = 64 * 2 ** 20;
const SHOWN_TAGS = 6;

let tasteKnown = false;
let shownAnswer = null;

export function openListen() {
  suggestArtists(byId("artist"), () => byId("add").requestSubmit());
  suggestArtists(byId("like"));
  on("add", "add-problem", addArtist);
  on("find", "find-problem", find);
  takeFiles();
  showTaste().then(() => { byId("source").open = !tasteKnown; });
}

function on(form, problem, act) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(problem, act);
  });
}

async function guarded(problem, act) {
  byId(problem).textContent = "";
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId(problem).textContent = error.message;
  }
}

function takeFiles() {
  const input = byId("file");
  const veil = byId("veil");
  let depth = 0;
  const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const enter = (step) => (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    depth = Math.max(0, depth + step);
    veil.hidden = depth === 0;
  };
  byId("import").addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => {
    if (input.files.length) importFile(input.files[0]);
    input.value = "";
  });
  addEventListener("dragenter", enter(1));
  addEventListener("dragleave", enter(-1));
  addEventListener("dragover", (event) => {
    if (carriesFile(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    importFile(event.dataTransfer.files[0]);
  });
}

function importFile(file) {
  return guarded("import-problem", async () => {
    byId("report").textContent = "";
    if (file.size > LARGEST) throw new Refusal(`${file.name} is larger than 64 MB; choose the export itself.`);
    const bar = byId("upload-bar");
    byId("upload").hidden = false;
    try {
      const report = await upload("/api/import", file, (share) => {
        byId("upload-text").textContent = share < 1 ? `Sending ${file.name}` : `Reading ${file.name}`;
        if (share < 1) bar.value = share * 100;
        else bar.removeAttribute("value");
      });
      byId("report").textContent = report.text;
      byId("source").open = false;
      tasteChanged();
    } finally {
      byId("upload").hidden = true;
    }
    await showTaste();
    await guarded("find-problem", find);
  });
}

async function addArtist() {
  const input = byId("artist");
  const typed = input.value.trim();
  if (!typed) throw new Refusal("Write an artist's name first.");
  const { artist } = await ask("/api/taste/add", { artist: typed });
  input.value = "";
  input.focus();
  announce(`${artist} added`);
  tasteChanged();
  await showTaste();
}

// Whoever shows what is held ("Your data") hears that it is different now.
function tasteChanged() {
  dispatchEvent(new Event("taste"));
}

/** A vote was taken back elsewhere on the page: it shows on the cards too. */
export async function voteTakenBack() {
  await showTaste();
  if (shownAnswer) await guarded("find-problem", async () => showAnswer(await ask(`/api/answers/${shownAnswer}`)));
}

/** Everything was deleted: no card is remembered, no taste known. */
export async function everythingDeleted() {
  shownAnswer = null;
  byId("cards").replaceChildren();
  byId("answer").hidden = true;
  byId("listen-hint").hidden = false;
  byId("report").textContent = "";
  byId("source").open = true;
  await showTaste();
}

async function showTaste() {
  const taste = await ask("/api/taste").catch(() => null);
  if (!taste) return;
  tasteKnown = taste.sources.length > 0;
  byId("taste-summary").textContent = tasteKnown ? summary(taste.sources) : "Tell Nightjar what you like";
  byId("taste-tags").hidden = taste.tags.length === 0;
  byId("taste-tags").replaceChildren(...taste.tags.slice(0, SHOWN_TAGS).map(({ tag }) => make("li", {}, tag)));
  offerMixes(tasteKnown);
}

const summary = (sources) => sources.map(({ name, count }) => `${count.toLocaleString("en")} ${name}`).join(" · ");

async function find() {
  const like = byId("like").value.trim();
  if (!like && !tasteKnown) {
    throw new Refusal("Drop your export or add an artist first, or name one under “Close to”.");
  }
  const mode = document.querySelector('input[name="mode"]:checked').value;
  await showing(ask("/api/recommend", { like: like || null, mode, count: 5 }));
}

async function showing(asked) {
  byId("listen").setAttribute("aria-busy", "true");
  byId("find-button").textContent = "Looking";
  try {
    showAnswer(await asked);
  } finally {
    byId("listen").removeAttribute("aria-busy");
    byId("find-button").textContent = "Find music";
  }
}

function showAnswer(answer) {
  shownAnswer = answer.id;
  byId("answer").hidden = false;
  byId("listen-hint").hidden = true;
  byId("basis").textContent = `Found ${answer.basis}.`;
  byId("cards").replaceChildren(...answer.items.map((item) => card(answer, item)));
}

function card(answer, item) {
  const link = safeLink(item.link);
  const name = link
    ? make("a", { href: link, target: "_blank", rel: "noopener noreferrer", title: "Hear them on Spotify" }, item.artist, icon("out"))
    : item.artist;
  const tags = item.tags.filter((tag) => !item.reason.includes(tag));
  const more = () => guarded("find-problem", () => showing(ask(`/api/answers/${answer.id}/more`, { rank: item.rank })));
  return make("li", { class: "card" },
    make("h3", { class: "card-artist" }, name),
    votes(answer, item),
    make("p", { class: "card-reason" }, item.reason),
    start(item),
    make("div", { class: "card-foot" },
      tags.length ? make("span", { class: "card-tags" }, tags.join(" · ")) : null,
      make("button", { type: "button", class: "more", "aria-label": `More like ${item.artist}`, onclick: more }, "More like this")));
}

function start(item) {
  const link = safeLink(item.start_link);
  if (!item.start_with || !link) return null;
  const title = make("a", { href: link, target: "_blank", rel: "noopener noreferrer", title: "Hear it on Spotify" }, item.start_with);
  return make("p", { class: "card-start" }, "Start with ", title);
}

const VOTES = [
  { value: 1, kind: "yes", says: (artist) => `I like ${artist}`, title: "I like this" },
  { value: 0, kind: "known", says: (artist) => `Know it: ${artist}`, title: "I know it already", word: "Know it" },
  { value: -1, kind: "no", says: (artist) => `Not for me: ${artist}`, title: "Not for me" },
];

function votes(answer, item) {
  const buttons = VOTES.map(({ value, kind, says, title, word }) => make("button", {
    type: "button", class: `vote ${kind}`, "aria-pressed": String(item.vote === value),
    "aria-label": says(item.artist), title,
    onclick: () => guarded("find-problem", async () => {
      const { text, answer: now } = await ask(`/api/answers/${answer.id}/vote`, { rank: item.rank, value });
      const kept = now.items.find(({ rank }) => rank === item.rank).vote;
      VOTES.forEach((each, at) => buttons[at].setAttribute("aria-pressed", String(each.value === kept)));
      announce(text);
      tasteChanged();
      await showTaste();
    }),
  }, word ?? icon(kind)));
  return make("div", { class: "votes" }, ...buttons);
}
