/* A board's filesystem: a folder of the host's, read at start, written through at every close, rename and remove.
 *
 * A file appears on the host whole or not at all (written beside, then renamed), as a log-structured filesystem on a
 * board commits it, so pulling the plug between two writes leaves the old file. MicroPython works on Emscripten's
 * in-memory filesystem; the methods that change it are wrapped. */
import * as fs from "node:fs";
import { join, posix } from "node:path";
import { EIO, ENOSPC } from "./errno.mjs";

const BLOCK = 4096;
const WRITABLE = 3; // O_WRONLY | O_RDWR
const APPEND = 1024;
const SYSTEM = ["dev", "proc", ".board"];

export class Flash {
  /* FS: Emscripten's filesystem, folder: the host's, capacity: bytes of the board's filesystem. */
  constructor(FS, folder, capacity) {
    this.FS = FS;
    this.files = join(folder, "files");
    this.incoming = join(folder, "incoming");
    this.blocks = Math.floor(capacity / BLOCK);
    fs.rmSync(this.incoming, { force: true });
    fs.mkdirSync(this.files, { recursive: true });
    this.#hideSystem();
    this.#copyIn(this.files, "");
    this.#writeThrough();
    this.#limit();
  }
  #copyIn(from, to) {
    for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
      const source = join(from, entry.name);
      const target = `${to}/${entry.name}`;
      if (entry.isDirectory()) {
        this.FS.mkdir(target);
        this.#copyIn(source, target);
      } else if (entry.isFile()) {
        this.FS.writeFile(target, fs.readFileSync(source));
      }
    }
  }
  /* Leave nothing in the root that a board does not have. What Emscripten and the board need themselves stays, unseen. */
  #hideSystem() {
    for (const path of ["/tmp", "/home/web_user", "/home"]) this.FS.rmdir(path);
    const { readdir } = this.FS;
    this.FS.readdir = (path) => readdir(path).filter((name) => path !== "/" || !SYSTEM.includes(name));
  }
  /* Where a path of the board lies on the host, or null for what is not the board's. */
  #host(path) {
    const inside = posix.resolve(this.FS.cwd(), path).slice(1);
    return SYSTEM.includes(inside.split("/")[0]) ? null : join(this.files, inside);
  }
  #writeThrough() {
    const { close } = this.FS;
    this.FS.close = (stream) => {
      const host = (stream.flags & WRITABLE) !== 0 && this.FS.isFile(stream.node.mode) ? this.#host(stream.path) : null;
      const content = host && stream.node.contents?.slice(0, stream.node.usedBytes);
      close(stream);
      if (host && this.FS.analyzePath(stream.path).exists) this.#save(host, content ?? new Uint8Array());
    };
    this.#after("mkdir", (host) => fs.mkdirSync(host));
    this.#after("rmdir", (host) => fs.rmdirSync(host));
    this.#after("unlink", (host) => fs.rmSync(host, { force: true }));
    this.#after("rename", (from, to) => fs.renameSync(from, to));
  }
  /* Follow a method of the filesystem, once it succeeded, with the same on the host. */
  #after(name, mirror) {
    const original = this.FS[name];
    this.FS[name] = (...args) => {
      const result = original.apply(this.FS, args);
      const hosts = args.slice(0, mirror.length).map((path) => this.#host(path));
      if (hosts.every(Boolean)) onHost(this.FS, () => mirror(...hosts));
      return result;
    };
  }
  #save(host, content) {
    onHost(this.FS, () => {
      fs.writeFileSync(this.incoming, content);
      fs.renameSync(this.incoming, host);
    });
  }
  /* Blocks in use: one for each directory, whole blocks for each file. */
  used(node = this.FS.lookupPath("/").node) {
    if (!this.FS.isDir(node.mode)) return Math.ceil((node.usedBytes ?? 0) / BLOCK);
    const children = Object.values(node.contents).filter(({ name, mounted }) => !mounted && !SYSTEM.includes(name));
    return children.reduce((sum, child) => sum + this.used(child), 1);
  }
  /* Refuse what the board's flash could not hold, and report its size in statvfs. */
  #limit() {
    const { write } = this.FS;
    this.FS.write = (stream, ...rest) => {
      const [, , length, position] = rest;
      if (this.FS.isFile(stream.node.mode) && this.#host(stream.path)) this.#checkRoom(stream, length, position);
      return write.call(this.FS, stream, ...rest);
    };
    const directory = this.FS.lookupPath("/").node.node_ops;
    directory.statfs = () => {
      const free = Math.max(0, this.blocks - this.used());
      return { bsize: BLOCK, frsize: BLOCK, blocks: this.blocks, bfree: free, bavail: free };
    };
  }
  #checkRoom(stream, length, position) {
    const size = stream.node.usedBytes;
    const end = ((stream.flags & APPEND) !== 0 ? size : position ?? stream.position) + length;
    const more = Math.ceil(end / BLOCK) - Math.ceil(size / BLOCK);
    if (more > 0 && this.used() + more > this.blocks) throw new this.FS.ErrnoError(ENOSPC);
  }
}

/* Do something on the host; its failure is the board's I/O error. */
function onHost(FS, action) {
  try {
    action();
  } catch (error) {
    if (!error.code) throw error;
    throw new FS.ErrnoError(error.code === "ENOSPC" ? ENOSPC : EIO);
  }
}
