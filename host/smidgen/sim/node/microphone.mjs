/* The board's microphone: recordings that the host plays, read by the board as from an I2S peripheral.
 *
 * A recording is a shared block that outlives the board's resets: an Int32 with the bytes already read, and the samples. */
import { receiveMessageOnPort, workerData } from "node:worker_threads";

const BYTES_PER_MS = 32; // 16 kHz, 16 bits, mono
export const INTERRUPTED = -1;

export class Microphone {
  constructor(serial, realtime, onHeard) {
    this.serial = serial;
    this.realtime = realtime;
    this.onHeard = onHeard;
    this.port = workerData.recordings;
    this.current = null;
  }
  /* Fill `into`; returns the bytes written, 0 at the end of a recording (once for each) and while there is none,
   * INTERRUPTED to be called again after Ctrl-C was looked at. */
  read(into) {
    if (!this.current && !this.#next()) return 0;
    const { position, samples, id } = this.current;
    const at = Atomics.load(position, 0);
    const count = Math.min(into.length & ~1, samples.length - at);
    if (count === 0) {
      this.current = null;
      this.onHeard(id);
      return 0;
    }
    if (this.realtime && !this.#elapsed(at + count)) return INTERRUPTED;
    into.set(samples.subarray(at, at + count));
    Atomics.store(position, 0, at + count);
    return count;
  }
  #next() {
    const message = receiveMessageOnPort(this.port)?.message;
    if (!message) return false;
    const position = new Int32Array(message.shared, 0, 1);
    const start = performance.now() - Atomics.load(position, 0) / BYTES_PER_MS;
    this.current = { id: message.id, position, start, samples: new Uint8Array(message.shared, 4) };
    return true;
  }
  /* Wait until so many bytes of the recording would have been heard; false when something else happened first. */
  #elapsed(bytes) {
    const due = this.current.start + bytes / BYTES_PER_MS;
    const { seen } = this.serial;
    this.serial.nap(seen, due);
    return performance.now() >= due;
  }
}
