// Plays one clip at a time with Web Audio: loops without a gap, and changes clips without losing the place.

const RATE = 44100;
const FADE = 0.025;
const KEPT = 8;

/** Emits "change" when playing starts or stops, the clip or the volume changes. */
export class Player extends EventTarget {
  #context = null;
  #volume = null;
  #sound = null;
  #source = null;
  #begun = 0;
  #place = 0;
  #decoded = new Map();
  #wanted = false;
  level = 0.8;
  loop = true;
  playing = false;

  /** Gets a clip's sound ready; `{samples, skip, length}` in seconds. Rejects when it cannot be had. */
  async fetch(clip) {
    const id = clip.id;
    if (!this.#decoded.has(id)) {
      const response = await fetch(clip.urls.audio);
      if (!response.ok) throw new Error(`audio ${response.status}`);
      const bytes = await response.arrayBuffer();
      const samples = await new OfflineAudioContext(2, RATE, RATE).decodeAudioData(bytes);
      this.#decoded.set(id, measured(samples, clip.summary.seconds));
      if (this.#decoded.size > KEPT) this.#decoded.delete(this.#decoded.keys().next().value);
    }
    return this.#decoded.get(id);
  }

  /** Puts a fetched sound on; plays on from the same share of the clip if one was playing. */
  put(sound) {
    const share = this.#sound ? this.position / this.#sound.length : 0;
    const wasPlaying = this.playing;
    this.#silence();
    this.#sound = sound;
    this.#place = wasPlaying ? share * sound.length : 0;
    if (wasPlaying || this.#wanted) this.#start();
    this.#wanted = false;
    this.#changed();
  }

  get length() {
    return this.#sound?.length ?? 0;
  }

  get samples() {
    return this.#sound;
  }

  /** Seconds from the start of the clip. */
  get position() {
    if (!this.playing) return this.#place;
    const heard = this.#context.currentTime - (this.#context.outputLatency || 0);
    const passed = Math.max(0, heard - this.#begun) + this.#place;
    return this.loop ? passed % this.length : Math.min(passed, this.length);
  }

  /** Plays on; before any sound is there, as soon as it is. */
  play() {
    if (!this.#sound) this.#wanted = true;
    if (!this.#sound || this.playing) return;
    if (this.#place >= this.length) this.#place = 0;
    this.#start();
    this.#changed();
  }

  pause() {
    if (!this.playing) return;
    const place = this.position;
    this.#silence();
    this.#place = place;
    this.#changed();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(seconds) {
    const wasPlaying = this.playing;
    this.#silence();
    this.#place = Math.min(Math.max(seconds, 0), this.length);
    if (wasPlaying) this.#start();
    this.#changed();
  }

  setLoop(loop) {
    const place = this.position;
    this.loop = loop;
    this.seek(place);
  }

  setLevel(level) {
    this.level = level;
    if (this.#volume) this.#volume.gain.setTargetAtTime(level ** 2, this.#context.currentTime, 0.01);
  }

  #start() {
    this.#context ??= new AudioContext({ sampleRate: RATE });
    this.#context.resume();
    if (!this.#volume) {
      this.#volume = new GainNode(this.#context, { gain: this.level ** 2 });
      this.#volume.connect(this.#context.destination);
    }
    const { samples, skip, length } = this.#sound;
    const source = new AudioBufferSourceNode(this.#context, {
      buffer: samples, loop: this.loop, loopStart: skip, loopEnd: skip + length,
    });
    const gate = new GainNode(this.#context, { gain: 0 });
    source.connect(gate).connect(this.#volume);
    const now = this.#context.currentTime;
    gate.gain.setValueAtTime(0, now);
    gate.gain.linearRampToValueAtTime(1, now + FADE);
    if (this.loop) source.start(now, skip + this.#place);
    else source.start(now, skip + this.#place, length - this.#place);
    source.addEventListener("ended", () => this.#ended(source));
    this.#source = { source, gate };
    this.#begun = now;
    this.playing = true;
  }

  #silence() {
    if (!this.#source) return;
    const { source, gate } = this.#source;
    const now = this.#context.currentTime;
    gate.gain.cancelScheduledValues(now);
    gate.gain.setTargetAtTime(0, now, FADE / 4);
    source.stop(now + FADE);
    this.#source = null;
    this.playing = false;
  }

  #ended(source) {
    if (this.#source?.source !== source) return;
    this.#source = null;
    this.playing = false;
    this.#place = this.length;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

// What is decoded is the loop itself, to the sample; `seconds` is rounded. Only a decoder that keeps
// an MP3's padding gives more, beginning with the 1,105 samples that LAME and the decoder add.
function measured(samples, seconds) {
  const surplus = samples.duration - seconds;
  if (surplus < 0.02) return { samples, skip: 0, length: samples.duration };
  const skip = Math.min(1105 / RATE, surplus);
  return { samples, skip, length: seconds };
}
