/* Bytes on their way to the board: a ring in shared memory, because a busy board cannot receive messages. */

/* Int32 words of the block that the serial side and the board share. */
const WAKE = 0; // counts events; a board that waits, waits for it to change
export const UNSENT = 1; // bytes that the board printed and nobody has taken yet
const RING_HEAD = 2; // where the serial side writes
const RING_TAIL = 3; // where the board reads
export const INTERRUPTS = 4; // counts Ctrl-C handed to MicroPython
const WORDS = 5;
const RING_SIZE = 65536;

export class SerialIn {
  constructor(shared = new SharedArrayBuffer(4 * WORDS + RING_SIZE)) {
    this.shared = shared;
    this.words = new Int32Array(shared, 0, WORDS);
    this.ring = new Uint8Array(shared, 4 * WORDS, RING_SIZE);
  }
  get waiting() {
    return (Atomics.load(this.words, RING_HEAD) - Atomics.load(this.words, RING_TAIL) + RING_SIZE) % RING_SIZE;
  }
  /* Store one byte; false when there is no room. */
  push(byte) {
    if (this.waiting === RING_SIZE - 1) return false;
    const head = Atomics.load(this.words, RING_HEAD);
    this.ring[head] = byte;
    Atomics.store(this.words, RING_HEAD, (head + 1) % RING_SIZE);
    return true;
  }
  /* The next byte, or undefined. */
  shift() {
    if (this.waiting === 0) return undefined;
    const tail = Atomics.load(this.words, RING_TAIL);
    const byte = this.ring[tail];
    Atomics.store(this.words, RING_TAIL, (tail + 1) % RING_SIZE);
    return byte;
  }
  wake() {
    Atomics.add(this.words, WAKE, 1);
    Atomics.notify(this.words, WAKE);
  }
  /* Block this thread until wake() or for so many milliseconds. `seen` is the count from before looking for work. */
  sleep(seen, milliseconds) {
    Atomics.wait(this.words, WAKE, seen, milliseconds);
  }
  get seen() {
    return Atomics.load(this.words, WAKE);
  }
}
