// A shared clip: the stage, and the space bar.

import { byId } from "./dom.js";
import { Stage } from "./stage.js";

const stage = new Stage();
stage.put(JSON.parse(byId("stage").dataset.clip));

addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.matches("button, a, input:not([type=range])")) return;
  event.preventDefault();
  stage.player.toggle();
});
