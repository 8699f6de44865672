// The stage shows one clip: its facts, its notes and the player.

import { Refusal, ask } from "./api.js";
import { announce, byId, clock, icon, make } from "./dom.js";
import { readParts } from "./midi.js";
import { Player } from "./player.js";
import { Roll } from "./roll.js";

const BEATS_PER_BAR = 4;
const FILES = [["audio", null], ["midi", "MIDI"], ["picture", "Picture"], ["json", "JSON"]];

export class Stage {
  player = new Player();
  clip = null;
  roll = new Roll(byId("score"));
  #seek = byId("seek");
  #ticking = false;

  constructor() {
    const volume = byId("volume");
    volume.value = localStorage.getItem("nightjar.volume") ?? volume.value;
    this.player.setLevel(volume.value / 100);
    volume.addEventListener("input", () => {
      this.player.setLevel(volume.value / 100);
      localStorage.setItem("nightjar.volume", volume.value);
    });
    byId("play").addEventListener("click", () => this.player.toggle());
    byId("loop").addEventListener("click", () => this.toggleLoop());
    this.#seek.addEventListener("input", () => this.player.seek(this.#seek.value * this.player.length));
    this.#seek.addEventListener("keydown", (event) => this.#step(event));
    this.player.addEventListener("change", () => this.#show());
  }

  /** Shows a clip and gets it ready to play; plays it when asked to, or when one was playing. */
  async put(clip, { play = false } = {}) {
    this.clip = clip;
    byId("stage").hidden = false;
    byId("stage-problem").textContent = "";
    byId("clip-title").textContent = clip.title;
    document.title = `${clip.title} · Nightjar`;
    byId("facts").replaceChildren(...facts(clip.summary));
    byId("downloads").replaceChildren(...downloads(clip));
    showLikeness(clip.summary);
    byId("length").textContent = `/ ${clock(clip.summary.seconds)}`;
    try {
      const [notes, sound] = await Promise.all([this.#notes(clip), this.player.fetch(clip)]);
      if (this.clip !== clip) return;
      this.roll.show(notes, clip.summary.bars);
      this.roll.hear(sound);
      this.player.put(sound);
      if (play) this.player.play();
    } catch {
      if (this.clip !== clip) return;
      this.player.pause();
      byId("stage-problem").textContent =
        "The clip is made, but its sound could not be loaded here; download it, or choose the take again.";
    }
  }

  toggleLoop() {
    this.player.setLoop(!this.player.loop);
    byId("loop").setAttribute("aria-pressed", String(this.player.loop));
    announce(this.player.loop ? "Loop on" : "Loop off");
  }

  async #notes(clip) {
    const response = await fetch(clip.urls.midi);
    return readParts(await response.arrayBuffer());
  }

  #step(event) {
    const { bars, bpm } = this.clip.summary;
    const beat = 60 / bpm;
    const steps = {
      ArrowLeft: -beat, ArrowDown: -beat, ArrowRight: beat, ArrowUp: beat,
      PageDown: -beat * BEATS_PER_BAR, PageUp: beat * BEATS_PER_BAR,
      Home: -Infinity, End: bars * BEATS_PER_BAR * beat,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.player.seek(this.player.position + steps[event.key]);
  }

  #show() {
    const { playing } = this.player;
    const button = byId("play");
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
    button.replaceChildren(icon(playing ? "pause" : "play"));
    this.#tick(true);
    if (playing && !this.#ticking) {
      this.#ticking = true;
      requestAnimationFrame(() => this.#follow());
    }
  }

  #follow() {
    this.#ticking = this.player.playing;
    if (!this.#ticking) return;
    this.#tick();
    requestAnimationFrame(() => this.#follow());
  }

  // While it plays, what a screen reader hears changes once a bar.
  #tick(moved = false) {
    const { position, length } = this.player;
    const share = length ? position / length : 0;
    const { bars } = this.clip.summary;
    const bar = Math.min(Math.floor(share * bars) + 1, bars);
    this.roll.moveTo(share);
    this.#seek.value = share;
    byId("clock").textContent = clock(position);
    const count = `bar ${bar} of ${bars}`;
    if (!moved && byId("bar-count").textContent === count) return;
    byId("bar-count").textContent = count;
    this.#seek.setAttribute("aria-valuetext", `${clock(position)}, ${count}`);
  }
}

function facts(summary) {
  const fact = (name, ...value) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value));
  return [
    fact("Tempo", `${summary.bpm} bpm`),
    fact("Bars", String(summary.bars)),
    fact("Mood", summary.mood),
    fact("Loudness", `${Number(summary.loudness_lufs).toFixed(1).replace("-", "−")} LUFS`),
    fact("Seed", seedButton(summary.seed)),
  ];
}

function seedButton(seed) {
  if (!navigator.clipboard) return String(seed);
  const copy = async () => {
    await navigator.clipboard.writeText(String(seed));
    announce(`Seed ${seed} copied`);
  };
  return make(
    "button",
    { type: "button", class: "seed-copy", title: "Copy the seed", "aria-label": `Copy seed ${seed}`, onclick: copy },
    String(seed), icon("copy"),
  );
}

// What the artists named did to the clip, in the server's own sentences.
function showLikeness({ artists = [], like = [] }) {
  const said = like.length || !artists.length ? like : [`The tags of ${artists.join(" and ")} moved nothing here.`];
  byId("likeness").hidden = said.length === 0;
  byId("likeness").replaceChildren(...said.map((sentence) => make("li", {}, sentence)));
}

function stemsButton(clip) {
  const button = make("button", { type: "button", "aria-label": "Download stems", onclick: () => fetchStems(clip, button) },
    icon("down"), "Stems");
  return make("li", {}, button);
}

async function fetchStems(clip, button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.lastChild.textContent = "Playing the parts…";
  byId("stage-problem").textContent = "";
  announce("Playing each part alone…");
  try {
    const { url, bytes } = await ask(clip.urls.stems, {});
    make("a", { href: url, download: "" }).click();
    announce(`The stems are ready, ${(bytes / 2 ** 20).toFixed(1)} megabytes`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId("stage-problem").textContent = error.message;
  } finally {
    button.removeAttribute("aria-disabled");
    button.lastChild.textContent = "Stems";
  }
}

function downloads(clip) {
  const format = clip.urls.audio.split(".").pop().toUpperCase();
  const files = FILES.map(([file, name]) =>
    make("li", {}, make("a", { href: clip.urls[file], download: "", "aria-label": `Download ${name ?? format}` },
      icon("down"), name ?? format)));
  return clip.urls.stems ? [...files, stemsButton(clip)] : files;
}
