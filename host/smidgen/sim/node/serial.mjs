/* The board's end of the serial port, in the thread where MicroPython runs. */
import { INTERRUPTS, SerialIn, UNSENT } from "./serial_in.mjs";

const MAX_UNSENT = 65536;
const LOOK_MS = 100; // between looks at what may have happened while nobody waited for it

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
      this.input.sleep(seen, LOOK_MS);
    }
    Atomics.add(words, UNSENT, bytes.length);
    this.send(bytes);
  }
  /* The next byte, or -1 when it is time to look for Ctrl-C. */
  read() {
    const { seen } = this;
    if (!this.available) this.input.sleep(seen, LOOK_MS);
    return this.shift() ?? -1;
  }
  /* What has come, at least one byte; 0 after Ctrl-C, which MicroPython raises next. */
  readInto(into) {
    const interrupts = Atomics.load(this.input.words, INTERRUPTS);
    for (;;) {
      const { seen } = this;
      if (this.available || Atomics.load(this.input.words, INTERRUPTS) !== interrupts) break;
      this.input.sleep(seen, LOOK_MS);
    }
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
