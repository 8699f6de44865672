// The form: style, mood, key, tempo, bars, seed, an artist to lean to. What was chosen stays, also over a reload.

import { Refusal, ask } from "./api.js";
import { suggestArtists } from "./combobox.js";
import { byId, make, printed } from "./dom.js";

const KEY = "nightjar.jam";
const DEFAULT_BARS = 16;
const MAX_SEED_DIGITS = 16;
const RULER = [55, 185]; // bpm at the ends of the small ruler on each style

export class JamForm {
  #styles = [];
  #bpm = [40, 220];
  #wish = restore();

  constructor(onMake) {
    byId("jam").addEventListener("submit", (event) => {
      event.preventDefault();
      const wish = this.#read();
      if (wish) onMake(wish, this.#style.name);
    });
    byId("jam").addEventListener("change", () => this.#keep());
    suggestArtists(byId("lean"), () => this.#keep(), "/api/tagged");
    for (const id of ["bpm", "seed"]) byId(id).addEventListener("input", () => problem(id, ""));
  }

  /** Fills in what can be chosen; a Refusal is shown in the form. */
  async load() {
    try {
      const { styles, keys, bars, bpm } = await ask("/api/styles");
      this.#styles = styles;
      this.#bpm = bpm;
      const start = styles.find((style) => style.slug === this.#wish.style) ?? styles.find((s) => s.slug === "synthwave");
      byId("styles").replaceChildren(...styles.map((style) => this.#styleChip(style, style === (start ?? styles[0]))));
      byId("bars").replaceChildren(...bars.map((count) =>
        radio("bars", String(count), String(count), count === Number(this.#wish.bars ?? DEFAULT_BARS))));
      byId("key").append(...keyGroups(keys));
      byId("key").value = keys.includes(this.#wish.key) ? this.#wish.key : "";
      byId("bpm").value = this.#wish.bpm ?? "";
      byId("seed").value = this.#wish.seed ?? "";
      byId("lean").value = this.#wish.like ?? "";
      this.#showStyle();
      document.querySelector(".style input:checked")?.closest(".style").scrollIntoView({ block: "nearest", inline: "center" });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(error.message);
    }
  }

  refuse(sentence) {
    byId("jam-problem").textContent = sentence;
  }

  get #style() {
    return this.#styles.find((style) => style.slug === chosen("style"));
  }

  #styleChip(style, checked) {
    const tempo = `${style.tempo_low}–${style.tempo_high} bpm`;
    return make("label", { class: "style", title: tempo },
      make("input", { type: "radio", name: "style", value: style.slug, checked, onchange: () => this.#showStyle() }),
      make("span", { class: "style-face" },
        make("span", { class: "style-name" }, style.name),
        make("span", { class: "unseen" }, ` ${tempo}`),
        tempoRuler(style)));
  }

  #showStyle() {
    const style = this.#style;
    if (!style) return;
    byId("style-note").replaceChildren(
      make("span", { class: "style-tempo" }, `${style.tempo_low}–${style.tempo_high} bpm`), style.description);
    byId("bpm").placeholder = `${style.tempo_low}–${style.tempo_high}`;
    const mood = style.moods.includes(this.#wish.mood) ? this.#wish.mood : "";
    byId("moods").replaceChildren(
      radio("mood", "", "any", !mood), ...style.moods.toSorted().map((name) => radio("mood", name, name, name === mood)));
  }

  #read() {
    const [low, high] = this.#bpm;
    const bpm = whole("bpm");
    const seed = whole("seed");
    const wrongBpm = bpm !== null && !(bpm >= low && bpm <= high);
    const wrongSeed = seed !== null && !(seed >= 0);
    problem("bpm", wrongBpm ? `Tempo is a whole number from ${low} to ${high} bpm, or empty for any.` : "");
    problem("seed", wrongSeed ? "A seed is a whole number, or empty for a new one each time." : "");
    this.refuse("");
    if (wrongBpm || wrongSeed) {
      byId(wrongBpm ? "bpm" : "seed").focus();
      return null;
    }
    return {
      style: chosen("style"), mood: chosen("mood") || null, key: byId("key").value || null,
      bars: Number(chosen("bars")), bpm, seed, like: byId("lean").value.trim() || null,
    };
  }

  #keep() {
    this.#wish = {
      style: chosen("style"), mood: chosen("mood"), key: byId("key").value,
      bars: chosen("bars"), bpm: byId("bpm").value, seed: byId("seed").value,
      like: byId("lean").value,
    };
    sessionStorage.setItem(KEY, JSON.stringify(this.#wish));
  }
}

// Where the style's tempo lies between slow and fast, at a glance; the words are beside it.
function tempoRuler(style) {
  const share = (bpm) => Math.min(100, Math.max(0, (100 * (bpm - RULER[0])) / (RULER[1] - RULER[0])));
  const mark = make("span", { class: "style-mark" });
  mark.style.left = `${share(style.tempo_low)}%`;
  mark.style.right = `${100 - share(style.tempo_high)}%`;
  return make("span", { class: "style-ruler", "aria-hidden": "true" }, mark);
}

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`)?.value ?? "";

// null when empty, NaN when it is no whole number.
function whole(id) {
  const text = byId(id).value.trim();
  if (!text) return null;
  return /^\d+$/.test(text) && text.length <= MAX_SEED_DIGITS ? Number(text) : NaN;
}

function problem(id, sentence) {
  byId(`${id}-problem`).textContent = sentence;
  byId(id).setAttribute("aria-invalid", String(Boolean(sentence)));
}

function radio(name, value, label, checked) {
  return make("label", {}, make("input", { type: "radio", name, value, checked }), make("span", {}, label));
}

function keyGroups(keys) {
  const modes = [...new Set(keys.map((key) => key.split(" ").slice(1).join(" ")))];
  return modes.map((mode) => make("optgroup", { label: mode || "keys" },
    ...keys.filter((key) => key.split(" ").slice(1).join(" ") === mode).map((key) => make("option", { value: key }, printed(key)))));
}

function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
