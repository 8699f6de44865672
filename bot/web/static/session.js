// The takes of this sitting: what was made, which is on stage, and which it is compared with.

import { Refusal, ask } from "./api.js";

const KEY = "nightjar.takes";
const KEPT = 40;

/** Emits "busy" (what is being made, or null), "put" ({take, play}) and "takes" (no detail). */
export class Session extends EventTarget {
  takes = restore();
  current = null;
  other = null;
  busy = false;

  /** Makes a clip by `POST path`; resolves with its take. Rejects with a Refusal, everything kept. */
  async run(path, body, { doing, note }) {
    if (this.busy) return null;
    this.busy = true;
    this.#emit("busy", doing);
    try {
      const clip = await ask(path, body);
      return this.#add(clip, note);
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal("The clip could not be shown; please try again.");
    } finally {
      this.busy = false;
      this.#emit("busy", null);
    }
  }

  /** Puts a take on stage; the one before becomes the one to compare with. */
  put(take, { play = false } = {}) {
    if (take !== this.current) this.other = this.current;
    this.current = take;
    this.#emit("put", { take, play });
    this.#emit("takes");
  }

  /** Back and forth between the last two takes heard. */
  compare() {
    if (this.other) this.put(this.other);
  }

  #add(clip, note) {
    const known = this.takes.find((take) => take.clip.id === clip.id);
    const number = (this.takes.at(-1)?.number ?? 0) + 1;
    const take = known ?? { number, note, clip };
    if (!known) this.takes = [...this.takes, take].slice(-KEPT);
    sessionStorage.setItem(KEY, JSON.stringify(this.takes));
    this.put(take, { play: true });
    return take;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function restore() {
  try {
    const takes = JSON.parse(sessionStorage.getItem(KEY));
    return Array.isArray(takes) ? takes : [];
  } catch {
    return [];
  }
}
