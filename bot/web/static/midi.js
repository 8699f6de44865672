// Reads the notes of a standard MIDI file, enough to draw them: parts by name, times in beats.

/** @returns {{name: string, drums: boolean, notes: {start, end, pitch, velocity}[]}[]} */
export function readParts(buffer) {
  const bytes = new DataView(buffer);
  if (bytes.byteLength < 14 || bytes.getUint32(0) !== 0x4d546864) throw new Error("not a MIDI file");
  const ticks = bytes.getUint16(12);
  const parts = [];
  let at = 8 + bytes.getUint32(4);
  while (at + 8 <= bytes.byteLength) {
    const length = bytes.getUint32(at + 4);
    if (bytes.getUint32(at) === 0x4d54726b) parts.push(readTrack(bytes, at + 8, at + 8 + length, ticks));
    at += 8 + length;
  }
  return parts.filter((part) => part.notes.length > 0);
}

function readTrack(bytes, from, to, ticks) {
  const part = { name: "", drums: false, notes: [] };
  const sounding = new Map();
  let at = from;
  let time = 0;
  let status = 0;
  const number = () => {
    let value = 0;
    for (let more = true; more; ) {
      const byte = bytes.getUint8(at++);
      value = value * 128 + (byte & 127);
      more = byte > 127;
    }
    return value;
  };
  const stop = (pitch) => {
    const note = sounding.get(pitch);
    if (note) note.end = time / ticks;
    sounding.delete(pitch);
  };
  while (at < to) {
    time += number();
    if (bytes.getUint8(at) > 127) status = bytes.getUint8(at++);
    if (status === 0xff) {
      const kind = bytes.getUint8(at++);
      const length = number();
      if (kind === 3) part.name = text(bytes, at, length);
      at += length;
    } else if (status === 0xf0 || status === 0xf7) {
      at += number();
    } else {
      const kind = status >> 4;
      const pitch = bytes.getUint8(at++);
      const value = kind === 12 || kind === 13 ? 0 : bytes.getUint8(at++);
      if (kind === 9 && value > 0) {
        stop(pitch);
        const note = { start: time / ticks, end: time / ticks, pitch, velocity: value };
        sounding.set(pitch, note);
        part.notes.push(note);
        part.drums ||= (status & 15) === 9;
      } else if (kind === 8 || kind === 9) stop(pitch);
    }
  }
  return part;
}

function text(bytes, at, length) {
  return new TextDecoder().decode(new Uint8Array(bytes.buffer, at, length));
}
