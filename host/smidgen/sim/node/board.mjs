/* A simulated board as a process.  node board.mjs '{...}'
 *
 * config: {name, wasm, micropython, engine, modules, state, heap, flash, port, realtime}. A serial port
 * for one client at a time listens on localhost. stdin and stdout carry frames, each a line of JSON and then `size` bytes:
 *
 *     to us     {"type": "serial"} bytes that a second client typed (the pseudo-terminal), 
 *               {"type": "play", "sensor": "microphone", "imu" or "camera", "bytesPerMs": N, "sampleBytes": N} samples
 *     from us   {"type": "listening", "port": N}, {"type": "ready"}, {"type": "serial"} all that the board printed,
 *               {"type": "heard"} a recording was read to its end, {"type": "error", "text": why}
 *
 * When stdin ends, whoever started us has gone, and so do we. */
import { createServer } from "node:net";
import { Machine } from "./machine.mjs";
import { Rp2040 } from "./rp2040.mjs";

const GRACE_MS = 200;
const config = JSON.parse(process.argv[2]);

function say(header, payload = Buffer.alloc(0), written = () => {}) {
  const line = Buffer.from(JSON.stringify({ ...header, size: payload.length }) + "\n");
  process.stdout.write(Buffer.concat([line, payload]), written);
}

/* Cut a stream of frames; calls handle(header, payload) for each. */
function frames(handle) {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf(10);
      if (end < 0) return;
      const header = JSON.parse(pending.subarray(0, end).toString());
      const start = end + 1;
      if (pending.length < start + header.size) return;
      handle(header, pending.subarray(start, start + header.size));
      pending = pending.subarray(start + header.size);
    }
  };
}

/* Say why there is no board, and end once that is written. */
function fail(text, code = null) {
  say({ type: "error", text, code });
  process.stdout.write("", () => process.exit(1));
}

let client = null;
const machine = new (config.firmware ? Rp2040 : Machine)(config, {
  output: (bytes, taken) => {
    let writes = client ? 2 : 1;
    const written = () => --writes === 0 && taken();
    client?.write(bytes, written);
    say({ type: "serial" }, bytes, written);
  },
  heard: () => say({ type: "heard" }),
  ready: () => say({ type: "ready" }),
  failed: fail,
});

function serve(socket) {
  client = socket;
  socket.on("data", (bytes) => machine.receive(bytes));
  socket.on("close", () => (client = null));
}

/* One client at a time. The next may arrive a moment before we hear that the last has gone. */
const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => {}); // a client that vanishes is one that closed its port
  if (!client) return serve(socket);
  setTimeout(() => (client ? socket.destroy() : serve(socket)), GRACE_MS);
});

process.stdin.on("data", frames(({ type, sensor, bytesPerMs, sampleBytes }, payload) => {
  if (type === "serial") machine.receive(payload);
  if (type === "play") machine.play(sensor, payload, bytesPerMs, sampleBytes);
}));
process.stdin.on("end", () => process.exit());
process.on("SIGTERM", () => process.exit());

server.on("error", (error) => fail(error.message, error.code));
server.listen(config.port, "127.0.0.1", () => {
  say({ type: "listening", port: server.address().port });
  machine.start();
});
