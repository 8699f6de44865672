// Space, N, B and L. They can be switched off, and never take a key from somebody who types.

import { announce, byId } from "./dom.js";

const KEY = "nightjar.shortcuts";
const TYPING = "input:not([type=radio], [type=range], [type=checkbox]), select, textarea, [contenteditable]";
const PRESSABLE = "button, a, summary, label, input[type=radio], input[type=checkbox]";

/** Calls `actions[key]` ("space" for the space bar) when its key is pressed outside of text fields. */
export function listenForShortcuts(actions) {
  const button = byId("keys");
  let on = localStorage.getItem(KEY) !== "off";
  let pointing = false;
  let swallow = false;
  button.setAttribute("aria-checked", String(on));
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEY, on ? "on" : "off");
    button.setAttribute("aria-checked", String(on));
    announce(on ? "Shortcuts on" : "Shortcuts off");
  });
  addEventListener("pointerdown", () => { pointing = true; }, { capture: true });
  addEventListener("keydown", (event) => {
    if (event.key === "Tab" || event.key.startsWith("Arrow")) pointing = false;
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.matches?.(TYPING)) return;
    const key = event.key === " " ? "space" : event.key.toLowerCase();
    // A button reached by keyboard keeps its space bar; one that was only clicked gives it up.
    if (key === "space" && !pointing && event.target.matches?.(PRESSABLE)) return;
    if (!(key in actions)) return;
    event.preventDefault();
    swallow = key === "space";
    actions[key]();
  });
  addEventListener("keyup", (event) => {
    if (event.key === " " && swallow) event.preventDefault();
    swallow = false;
  });
}
