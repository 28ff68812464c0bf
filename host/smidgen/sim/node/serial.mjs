/* The board's end of the serial port, in the thread where MicroPython runs. */
import { UNSENT } from "./layout.mjs";
import { SerialIn } from "./serial_in.mjs";

const MAX_UNSENT = 65536;
const FOREVER = 1000; // milliseconds between looks when nothing but a wake-up can end a wait

export class Serial {
  /* shared: SerialIn's block; send(bytes) hands output to the thread that owns the port. */
  constructor(shared, send) {
    this.input = new SerialIn(shared);
    this.send = send;
    this.pushedBack = [];
  }
  get available() {
    return this.pushedBack.length > 0 || this.input.waiting > 0;
  }
  shift() {
    return this.pushedBack.length > 0 ? this.pushedBack.shift() : this.input.shift();
  }
  /* Print. Waits while the client is slow, as USB does. */
  write(bytes) {
    if (bytes.length === 0) return;
    const { words } = this.input;
    for (;;) {
      const seen = this.input.seen;
      if (Atomics.load(words, UNSENT) < MAX_UNSENT) break;
      this.input.sleep(seen, FOREVER);
    }
    Atomics.add(words, UNSENT, bytes.length);
    this.send(bytes);
  }
  /* What has come, at least one byte; 0 when a wake-up brought none (Ctrl-C, which the interpreter raises next). */
  readInto(into) {
    const seen = this.input.seen;
    if (!this.available) this.input.sleep(seen, Infinity);
    let count = 0;
    while (count < into.length && this.available) into[count++] = this.shift();
    return count;
  }
  get seen() {
    return this.input.seen;
  }
  /* Block until a time of performance.now(), or until something happens after `seen` was read. */
  nap(seen, end) {
    const left = end - performance.now();
    if (left > 0) this.input.sleep(seen, left);
  }
}
