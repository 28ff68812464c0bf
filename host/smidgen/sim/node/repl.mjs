/* The board's REPL: MicroPython's own, fed byte by byte, with the raw-paste mode that an event-driven port lacks.
 *
 * Raw paste (docs.micropython.org, "The MicroPython REPL"): the client sends 05 'A' 01 in raw mode, we answer 'R' 01, a
 * window size and 01; code follows until 04, a window more being granted by each 01. MicroPython then gets the code as
 * ordinary raw input. */
const CTRL_A = 1;
const CTRL_B = 2;
const CTRL_C = 3;
const CTRL_D = 4;
const CTRL_E = 5;
const NEWLINE = 10;
const FORCED_EXIT = 0x100;
const WINDOW = 8192;
const RAW_BANNER = "raw REPL; CTRL-B to exit";

export class Repl {
  /* mp: MicroPython; serial: a Serial; tap(listener): listener sees every output until tap(null). */
  constructor(mp, serial, tap) {
    this.mp = mp;
    this.serial = serial;
    this.tap = tap;
    this.raw = false;
    this.probe = [];
  }
  start(raw) {
    if (!raw) return this.mp.replInit();
    this.#filtered(() => new Uint8Array(), () => this.mp.replInit());
    this.#feed(CTRL_A);
  }
  /* Take one byte. True when the board has to reset. */
  take(byte) {
    if (this.raw && this.#pastes(byte)) return this.#paste();
    if (this.probe.length > 0) return false;
    return this.#feed(byte);
  }
  /* The raw mode's way to ask for raw paste; true once it is complete. */
  #pastes(byte) {
    const wanted = [CTRL_E, 65, CTRL_A];
    if (byte !== wanted[this.probe.length]) {
      const held = this.probe.splice(0);
      for (const earlier of held) this.#feed(earlier);
      if (byte !== CTRL_E) return false;
    }
    this.probe.push(byte);
    if (this.probe.length < wanted.length) return false;
    this.probe = [];
    return true;
  }
  #paste() {
    this.serial.write(new Uint8Array([82, 1, WINDOW & 255, WINDOW >> 8, 1]));
    const code = [];
    const next = new Uint8Array(1);
    for (;;) {
      while (this.serial.readInto(next) === 0);
      if (next[0] === CTRL_C || next[0] === CTRL_D) break;
      code.push(next[0]);
      if (code.length % WINDOW === 0) this.serial.write(new Uint8Array([1]));
    }
    this.serial.write(new Uint8Array([CTRL_D]));
    if (next[0] === CTRL_C) return this.#runPasted(Buffer.from("raise KeyboardInterrupt"));
    return this.#runPasted(code.length > 0 ? code : [NEWLINE]);
  }
  /* Run code as raw input would, without the "OK" that raw mode says first. */
  #runPasted(code) {
    let skip = 2;
    const quiet = (bytes) => {
      const shown = bytes.subarray(skip);
      skip -= bytes.length - shown.length;
      return shown;
    };
    for (const byte of code) this.mp.replProcessChar(byte);
    return this.#filtered(quiet, () => this.#feed(CTRL_D));
  }
  #feed(byte) {
    if (this.raw || byte !== CTRL_A) {
      if (byte === CTRL_B) this.raw = false;
      return (this.mp.replProcessChar(byte) & FORCED_EXIT) !== 0;
    }
    let said = "";
    const listen = (bytes) => {
      said += String.fromCharCode(...bytes);
      return bytes;
    };
    this.#filtered(listen, () => this.mp.replProcessChar(byte));
    this.raw = said.includes(RAW_BANNER);
    return false;
  }
  /* Do something while `filter` decides what of the board's output is shown. */
  #filtered(filter, action) {
    this.tap(filter);
    try {
      return action();
    } finally {
      this.tap(null);
    }
  }
}
