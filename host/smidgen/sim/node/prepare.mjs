/* Turns the official MicroPython WebAssembly file into one that behaves as on a board.
 *
 *     node prepare.mjs NODE_MODULES OUT.wasm
 *
 * The npm build is made for web pages: it never collects garbage while a program runs (it cannot see the pointers that
 * live in WebAssembly locals), grows its heap instead, and spins while it sleeps. A board collects, has the heap that it
 * has, and can be interrupted. So, without touching a byte of its Python semantics:
 *
 *   1. every pointer that lives across a call is spilled to the C stack, which lies in memory (Binaryen's spill-pointers)
 *   2. gc_collect really collects, scanning the C stack besides the roots and the Python stack
 *   3. the heap does not grow (gc_get_max_new_split is 0)
 *   4. sleeping and waiting for a typed line are the host's business, and Ctrl-C ends them
 *   5. the memory is imported and shared, so that another thread can raise KeyboardInterrupt, as an interrupt
 *      handler does, and the engine's own module works in the board's heap
 *
 * The functions are found by what they do, so a new MicroPython either matches or is refused here. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PAGES, STACK_LIMIT, STACK_TOP } from "./layout.mjs";

const [modules, target] = process.argv.slice(2);
const SOURCE = join(modules, "@micropython/micropython-webassembly-pyscript/micropython.wasm");
const { default: binaryen } = await import(pathToFileURL(join(modules, "binaryen/index.js")));
const FEATURES = ["BulkMemory", "BulkMemoryOpt", "SignExt", "NontrappingFPToInt", "MutableGlobals", "Atomics"];
/* flatten puts every value that crosses a call into a local; what follows it, up to the spilling, merges locals without
 * nesting calls again, for each local that is left becomes a word of the C stack and may keep garbage alive. */
const PASSES = ["flatten", "simplify-locals-nonesting", "vacuum", "coalesce-locals", "simplify-locals-nonesting", "vacuum",
                "coalesce-locals", "reorder-locals", "spill-pointers",
                "simplify-locals", "vacuum", "coalesce-locals", "remove-unused-brs", "merge-blocks",
                "optimize-instructions", "simplify-locals", "vacuum", "coalesce-locals", "reorder-locals", "vacuum"];

function only(matches, what) {
  if (matches.length !== 1) {
    throw new Error(`this MicroPython differs from the one that the simulator knows: ${matches.length} places look like ${what}`);
  }
  return matches[0];
}

/* The text of a module as a list of top-level pieces; functions can be asked for by name and by shape. */
class Text {
  constructor(text) {
    this.pieces = text.split(/\n (?=\()/);
    this.added = [];
    this.functions = new Map();
    this.pieces.forEach((piece, at) => {
      const name = /^\(func (\$\S+)/.exec(piece)?.[1];
      if (name) this.functions.set(name, at);
    });
  }
  shape(name) {
    return this.pieces[this.functions.get(name)].replace(/\s+/g, " ").replace(/ \)/g, ")");
  }
  /* The one function whose whole text matches; `shape` is a regular expression over text with single spaces. */
  find(shape, what) {
    return only([...this.functions.keys()].filter((name) => shape.test(this.shape(name))), what);
  }
  exported(name) {
    const pattern = new RegExp(`^\\(export "${name}" \\(func (\\$\\S+?)\\)`);
    return only(this.pieces.map((piece) => pattern.exec(piece)?.[1]).filter(Boolean), name);
  }
  imported(name) {
    const pattern = new RegExp(`^\\(import "env" "${name}" \\(func (\\$\\S+)`);
    return only(this.pieces.map((piece) => pattern.exec(piece)?.[1]).filter(Boolean), name);
  }
  edit(name, pattern, replacement, what) {
    const at = this.functions.get(name);
    only(this.pieces[at].match(new RegExp(pattern, "g")) ?? [], what);
    this.pieces[at] = this.pieces[at].replace(pattern, replacement);
  }
  replace(name, body) {
    this.pieces[this.functions.get(name)] = `(func ${name} ${body})`;
  }
  addImport(name, kind) {
    this.added.push(`(import "env" "${name}" ${kind})`);
  }
  toString() {
    const [module, ...rest] = this.pieces;
    return [module, ...this.added, ...rest].join("\n ") + "\n";
  }
}

const number = (pattern, text, what) => Number(only([...text.matchAll(pattern)], what)[1]);

/* Where the interpreter keeps the state that the collector reads. */
function findState(text) {
  const interrupt = text.shape(text.exported("mp_sched_keyboard_interrupt"));
  const state = Number(/i32\.store offset=(\d+)/.exec(interrupt)[1]);
  const pystackInit = text.find(
    new RegExp(`^\\(func \\S+ \\(param \\$0 i32\\) \\(param \\$1 i32\\) \\(i32\\.store offset=${state} ` +
               `\\(i32\\.const \\d+\\) \\(local\\.get \\$0\\)\\) \\(i32\\.store offset=${state} \\(i32\\.const \\d+\\) ` +
               `\\(local\\.get \\$1\\)\\) \\(i32\\.store offset=${state} \\(i32\\.const \\d+\\) \\(local\\.get \\$0\\)\\)\\)$`),
    "mp_pystack_init");
  const [current, , start] = [...text.shape(pystackInit).matchAll(/\(i32\.const (\d+)\)/g)].map((m) => Number(m[1]));
  return { state, current, start };
}

function collectForReal(text) {
  const { state, current, start } = findState(text);
  const depthDec = [...text.shape(text.exported("mp_js_repl_process_char")).matchAll(/\(call (\$\d+)\)/g)].at(-1)[1];
  const [begin, end] = [...text.shape(depthDec).matchAll(/\(call (\$\d+)\)/g)].map((m) => m[1]);
  const pending = number(/i32\.load8_u offset=(\d+)/g, text.shape(depthDec), "gc_collect_pending");
  const collect = text.find(
    new RegExp(`^\\(func \\S+ \\(i32\\.store8 offset=${pending} \\(i32\\.const 0\\) \\(i32\\.const 1\\)\\)\\)$`), "gc_collect");
  const overflow = Number(new RegExp(`i32\\.load offset=${state} \\(i32\\.const (\\d+)\\)`).exec(text.shape(end))[1]);
  const field = (offset) => `(i32.const ${state + offset})`;
  /* The collector's first half marks from the roots and from the Python stack. It runs twice: as it is, then with
   * the C stack in the Python stack's place. Its note that the mark stack overflowed must outlive the second run. */
  text.replace(collect, `
    (local $start i32) (local $current i32) (local $overflow i32)
    (call ${begin})
    (local.set $overflow (i32.load ${field(overflow)}))
    (local.set $start (i32.load ${field(start)}))
    (local.set $current (i32.load ${field(current)}))
    (i32.store ${field(start)} (global.get $__stack_pointer))
    (i32.store ${field(current)} (i32.const ${STACK_TOP}))
    (call ${begin})
    (i32.store ${field(start)} (local.get $start))
    (i32.store ${field(current)} (local.get $current))
    (i32.store ${field(overflow)} (i32.or (local.get $overflow) (i32.load ${field(overflow)})))
    (call ${end})`);
}

function fixHeap(text) {
  text.replace(text.find(/^\(func \S+ \(result i32\) \(i32\.const 134217728\)\)$/, "gc_get_max_new_split"),
               "(result i32) (i32.const 0)");
}

const handlePending = (text) => text.find(/^\(func \S+ \(call \$\d+ \(i32\.const 1\)\)\)$/, "mp_event_handle_nowait");

/* mp_hal_delay_ms and _us ask the host to sleep; it returns 1 to be called again after pending work was handled. */
function sleepOnTheHost(text) {
  const ticks = text.imported("mp_js_ticks_ms").replace(/\$/g, "\\$");
  const loop = (scale) => new RegExp(`^\\(func \\S+ \\(param \\$0 i32\\) .*\\(call ${ticks}\\).*\\(loop .*${scale}.*\\(call ${ticks}\\)`);
  const microseconds = text.find(loop("i32\\.mul"), "mp_hal_delay_us");
  const milliseconds = only([...text.functions.keys()].filter((name) => loop("").test(text.shape(name)) && name !== microseconds),
                            "mp_hal_delay_ms");
  const pending = handlePending(text);
  for (const [name, unit] of [[milliseconds, 1000], [microseconds, 1]]) {
    text.replace(name, `(param $0 i32)
      (call $sim_sleep_start (f64.mul (f64.convert_i32_u (local.get $0)) (f64.const ${unit})))
      (loop $more (call ${pending}) (br_if $more (call $sim_sleep)))
      (call ${pending})`);
  }
  text.addImport("sim_sleep_start", "(func $sim_sleep_start (param f64))");
  text.addImport("sim_sleep", "(func $sim_sleep (result i32))");
}

/* readline, behind input(): the build has no way to read a character and takes zeros for ever. */
function readFromTheHost(text) {
  const process = /(?<=\(loop \S+ \(br_if \S+ \(i32\.lt_s \(local\.tee \$1 \(call )\$\d+(?= \(i32\.const 0\)\)\) \(i32\.const 0\)\)\)\) \(local\.get \$1\)\)$)/;
  const name = text.find(process, "readline");
  const shape = text.shape(name);
  const init = /\(call (\$\d+) \(local\.get \$0\) \(local\.get \$1\)\)/.exec(shape)[1];
  text.addImport("sim_read", "(func $sim_read (result i32))");
  text.replace(name, `(param $0 i32) (param $1 i32) (result i32)
    (call ${init} (local.get $0) (local.get $1))
    (loop $more
      (call ${handlePending(text)})
      (br_if $more (i32.lt_s (local.tee $0 (call $sim_read)) (i32.const 0)))
      (br_if $more (i32.lt_s (local.tee $1 (call ${process.exec(shape)[0]} (local.get $0))) (i32.const 0))))
    (local.get $1)`);
}

function shareMemory(text) {
  const own = only(text.pieces.filter((piece) => piece.startsWith("(memory ")), "its memory");
  text.pieces[text.pieces.indexOf(own)] = "";
  text.addImport("memory", `(memory $0 ${PAGES} ${PAGES} shared)`);
}

/* The C stack grows down from the first global, which the pass that spills finds by this name. */
const nameStackPointer = (text) => text.replace(/\$global\$0(?!\d)/g, "$__stack_pointer");

function moveStack(text) {
  const at = text.pieces.findIndex((piece) => piece.startsWith("(global $__stack_pointer "));
  text.pieces[at] = `(global $__stack_pointer (mut i32) (i32.const ${STACK_TOP}))`;
  const init = text.exported("mp_js_init");
  text.edit(init, /(?<=\(call \$\d+\s+\(i32\.const )32768(?=\))/, STACK_LIMIT, "the limit of the C stack");
}

function transform(bytes) {
  const original = binaryen.readBinary(bytes);
  const text = new Text(nameStackPointer(original.emitText()));
  original.dispose();
  shareMemory(text);
  moveStack(text);
  fixHeap(text);
  sleepOnTheHost(text);
  readFromTheHost(text);
  collectForReal(text);
  const module = binaryen.parseText(text.toString());
  module.setFeatures(FEATURES.reduce((all, name) => all | binaryen.Features[name], 0));
  module.runPasses(PASSES);
  if (!module.validate()) throw new Error("the rewritten MicroPython is not valid WebAssembly");
  const result = module.emitBinary();
  module.dispose();
  return result;
}

writeFileSync(target, transform(readFileSync(SOURCE)));
