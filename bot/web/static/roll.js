// Draws a clip: notes by part over the bars, the waveform beneath, and where the player is.

const WAVE_SHARE = 0.24;
const BEATS_PER_BAR = 4;
const PAD = 12;
const DRUM_ROW = 7;
const DRUM_SHARE = 0.26;
const FX_LANE = 16;

// What the fx part means by its pitches, as how high its shape stands at its start and its end.
const FX_SHAPES = { 72: [0.06, 1], 73: [0.06, 1], 71: [1, 0.06], 36: [1, 0.2], 60: [0.24, 0.24] };

export class Roll {
  #canvas;
  #pen;
  #parts = [];
  #drumRows = [];
  #range = [48, 72];
  #bars = 1;
  #peaks = null;
  #sound = null;
  #still = null;
  #colours;
  #lit = null;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #at = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    this.#colours = new Proxy({}, { get: (_, name) => style.getPropertyValue(`--${name}`).trim() });
    new ResizeObserver(() => this.#resize()).observe(canvas);
  }

  /** Shows a clip's parts (from `readParts`) over so many bars. */
  show(parts, bars) {
    const pitches = (kind) => parts.filter((part) => kindOf(part) === kind).flatMap((part) => part.notes.map((n) => n.pitch));
    this.#parts = parts;
    this.#drumRows = [...new Set(pitches("drums"))].sort((a, b) => b - a);
    this.#range = rangeOf(pitches("notes"));
    this.#bars = bars;
    this.#sound = null;
    this.#peaks = null;
    this.#redraw();
  }

  /** Adds the waveform of a fetched sound. */
  hear(sound) {
    this.#sound = sound;
    this.#peaks = null;
    this.#redraw();
  }

  /** Brings one part forward; null brings all back. */
  light(part) {
    this.#lit = part;
    this.#redraw();
  }

  /** Moves the playhead to a share (0 to 1) of the clip. */
  moveTo(share) {
    this.#at = share;
    if (!this.#still) return;
    const { width, height } = this.#canvas;
    const pen = this.#pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.drawImage(this.#still, 0, 0);
    pen.scale(devicePixelRatio, devicePixelRatio);
    this.#drawPlayed(pen, share);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!clientWidth || !clientHeight) return;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#peaks = null;
    this.#redraw();
  }

  #redraw() {
    const { width, height } = this.#canvas;
    if (!width || !height || !this.#canvas.clientWidth) return;
    this.#still = new OffscreenCanvas(width, height);
    const pen = this.#still.getContext("2d");
    pen.scale(devicePixelRatio, devicePixelRatio);
    this.#drawBars(pen);
    for (const part of this.#parts) {
      pen.globalAlpha = this.#lit && this.#lit !== part.name ? 0.16 : 1;
      for (const note of part.notes) this.#drawNote(pen, part, note, false);
    }
    pen.globalAlpha = 1;
    this.#drawWave(pen, 0, 1, this.#colours["edge-strong"]);
    this.moveTo(this.#at);
  }

  get #box() {
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    const wave = Math.round(height * WAVE_SHARE);
    const rows = this.#drumRows.length;
    const row = Math.min(DRUM_ROW, (height * DRUM_SHARE) / Math.max(rows, 1));
    const drums = rows ? rows * row + PAD : 0;
    const floor = height - wave - drums - PAD;
    const lane = this.#parts.some((part) => kindOf(part) === "fx" && part.notes.length) ? FX_LANE : 0;
    return { width, height, wave, row, top: 24, bottom: floor - lane, lane, floor };
  }

  #drawBars(pen) {
    const { width, height } = this.#box;
    const step = width / this.#bars;
    const every = Math.max(1, Math.ceil(52 / step / 2) * (step < 52 ? 2 : 1));
    pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    for (let bar = 0; bar < this.#bars; bar++) {
      if (Math.floor(bar / 4) % 2) {
        pen.fillStyle = "#ffffff06";
        pen.fillRect(bar * step, 0, step, height);
      }
      pen.fillStyle = bar % 4 ? "#ffffff0a" : "#ffffff16";
      if (bar) pen.fillRect(Math.round(bar * step), 0, 1, height);
      if (bar % every) continue;
      pen.fillStyle = this.#colours.faint;
      pen.fillText(String(bar + 1), bar * step + 6, 16);
    }
  }

  #drawNote(pen, part, note, bright) {
    const box = this.#box;
    const beat = box.width / (this.#bars * BEATS_PER_BAR);
    const x = note.start * beat;
    const long = Math.max((note.end - note.start) * beat - 1, 1.5);
    pen.fillStyle = bright ? "#fff8e8" : this.#colours[part.name] || this.#colours.soft;
    const strength = 0.45 + (0.55 * note.velocity) / 127;
    const before = pen.globalAlpha;
    pen.globalAlpha = before * (bright ? 1 : strength);
    if (part.drums) this.#drawHit(pen, note, x, beat);
    else if (kindOf(part) === "fx") this.#drawEffect(pen, note, x, long, bright);
    else this.#drawTone(pen, note, x, long);
    pen.globalAlpha = before;
  }

  #drawHit(pen, note, x, beat) {
    const { floor, row } = this.#box;
    const y = floor + PAD + this.#drumRows.indexOf(note.pitch) * row;
    pen.fillRect(x + 0.5, y, Math.min(Math.max(beat / 4 - 1.5, 1.5), 5), row * 0.65);
  }

  #drawTone(pen, note, x, long) {
    const { top, bottom } = this.#box;
    const [low, high] = this.#range;
    const row = (bottom - top) / (high - low + 1);
    const tall = Math.min(Math.max(row - 1, 2), 11);
    const y = top + (high - note.pitch) * row + (row - tall) / 2;
    pen.beginPath();
    pen.roundRect(x + 0.5, y, long, tall, Math.min(tall / 2, long / 2, 3));
    pen.fill();
  }

  // A riser widens, a downlifter narrows, an impact is short: a shape in a lane of its own.
  #drawEffect(pen, note, x, long, bright) {
    const { floor, lane } = this.#box;
    const middle = floor - lane / 2 + 4;
    const [first, last] = (FX_SHAPES[note.pitch] ?? [0.5, 0.5]).map((share) => (share * lane) / 2);
    if (!bright) pen.globalAlpha *= 0.65;
    pen.beginPath();
    pen.moveTo(x, middle - first);
    pen.lineTo(x + long, middle - last);
    pen.lineTo(x + long, middle + last);
    pen.lineTo(x, middle + first);
    pen.fill();
  }

  #drawPlayed(pen, share) {
    const { width, height } = this.#box;
    const beat = share * this.#bars * BEATS_PER_BAR;
    if (share > 0 && !this.#calm.matches) {
      for (const part of this.#parts) {
        if (this.#lit && this.#lit !== part.name) continue;
        for (const note of part.notes) {
          const end = part.drums ? note.start + 0.18 : note.end;
          if (note.start <= beat && beat < end) this.#drawNote(pen, part, note, true);
        }
      }
    }
    this.#drawWave(pen, 0, share, this.#colours["moon-deep"]);
    const x = Math.min(Math.max(share * width, 1), width - 1);
    pen.fillStyle = this.#colours.moon;
    pen.fillRect(x - 0.75, 0, 1.5, height);
  }

  #drawWave(pen, from, to, colour) {
    if (!this.#sound) return;
    const { width, height, wave } = this.#box;
    this.#peaks ??= peaksOf(this.#sound, Math.floor(width / 3));
    const middle = height - wave / 2;
    const reach = wave / 2 - 6;
    pen.fillStyle = colour;
    const count = this.#peaks.length;
    for (let i = Math.floor(from * count); i < Math.round(to * count); i++) {
      const tall = Math.max(this.#peaks[i] * reach, 0.75);
      pen.fillRect(i * 3, middle - tall, 2, tall * 2);
    }
  }
}

const kindOf = (part) => (part.drums ? "drums" : part.name === "fx" ? "fx" : "notes");

function rangeOf(pitches) {
  if (!pitches.length) return [48, 72];
  return pitches.reduce(([low, high], pitch) => [Math.min(low, pitch), Math.max(high, pitch)], [127, 0]);
}

function peaksOf({ samples, skip, length }, columns) {
  const left = samples.getChannelData(0);
  const right = samples.getChannelData(samples.numberOfChannels - 1);
  const first = Math.round(skip * samples.sampleRate);
  const step = (length * samples.sampleRate) / columns;
  return Float32Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    const from = first + Math.floor(column * step);
    const to = Math.min(first + Math.floor((column + 1) * step), left.length);
    for (let i = from; i < to; i += 4) sum += left[i] ** 2 + right[i] ** 2;
    return Math.min(1, 2.4 * Math.sqrt(sum / Math.max(1, (to - from) / 2)));
  });
}
