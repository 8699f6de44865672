// Text fields that suggest artists (ARIA combobox with a listbox; arrows, Enter and Escape).

import { ask } from "./api.js";
import { make } from "./dom.js";

const PAUSE = 120;

/** Makes `input` suggest artists of `path`; calls `onChoose(name)` when one is chosen from the list. */
export function suggestArtists(input, onChoose = () => {}, path = "/api/artists") {
  const list = make("ul", { id: `${input.id}-options`, class: "options", role: "listbox", "aria-label": "Artists", hidden: true });
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "100",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  let timer = 0;
  let asked = 0;
  let active = -1;

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (name) => {
    input.value = name;
    close();
    onChoose(name);
  };
  const open = (names) => {
    active = -1;
    list.replaceChildren(...names.map((name, index) =>
      make("li", { id: `${list.id}-${index}`, role: "option", "aria-selected": "false", onpointerdown: (event) => {
        event.preventDefault();
        choose(name);
      } }, name)));
    list.hidden = names.length === 0;
    input.setAttribute("aria-expanded", String(names.length > 0));
  };
  const look = async () => {
    const turn = ++asked;
    const typed = input.value.trim();
    if (!typed) return close();
    const { artists } = await ask(`${path}?q=${encodeURIComponent(typed)}`).catch(() => ({ artists: [] }));
    if (turn === asked && document.activeElement === input) open(artists.slice(0, 8));
  };
  const move = (step) => {
    const options = [...list.children];
    active = (active + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") clearTimeout(timer);
    if (list.hidden) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(active < 0 ? 0 : -1);
    else if (event.key === "Enter" && active >= 0) choose(list.children[active].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.form.addEventListener("submit", close);
}
