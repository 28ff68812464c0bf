/* Flash erase and program, which firmware asks of the boot ROM. The ROM's own code talks to the flash chip, which the emulator lacks; so
 * its entries become breakpoints, at which the work is done here, followed by a return.
 *
 * The ROM's table of functions is in the RP2040 data sheet, 2.8.3. */
const TABLE = 0x14;
const BKPT = 0xbe00;
const BX_LR = 0x4770;
const FLASH = 0x10000000;

/* Each gets the chip and the function's arguments; what it returns was written: [offset, bytes]. */
const FUNCTIONS = {
  IF: () => null, // connect_internal_flash
  EX: () => null, // flash_exit_xip
  RE: (chip, [offset, count]) => [offset, new Uint8Array(count).fill(0xff)], // flash_range_erase
  RP: (chip, [offset, from, count]) => [offset, program(chip, offset, memory(chip, from, count))], // flash_range_program
  FC: () => null, // flash_flush_cache
  CX: () => null, // flash_enter_cmd_xip
};

/* written(offset, bytes) is called after each change of the flash. Throws when this is not the boot ROM of an RP2040. */
export function serveFlash(chip, written) {
  const names = Object.keys(FUNCTIONS);
  const entries = functions(chip);
  names.forEach((name, number) => {
    if (!entries.has(name)) throw new Error(`the boot ROM has no function ${name}; it is not that of an RP2040`);
    write16(chip, entries.get(name), BKPT | number);
    write16(chip, entries.get(name) + 2, BX_LR);
  });
  chip.onBreak = (number) => {
    const change = FUNCTIONS[names[number]]?.(chip, chip.core.registers);
    if (!change) return;
    const [offset, bytes] = change;
    chip.flash.set(bytes, offset);
    written(offset, bytes);
  };
}

/* Name -> address of what the ROM offers. */
function functions(chip) {
  const found = new Map();
  for (let at = chip.readUint16(TABLE); at < 0x4000 && chip.readUint16(at) !== 0; at += 4) {
    const name = String.fromCharCode(chip.readUint8(at), chip.readUint8(at + 1));
    found.set(name, chip.readUint16(at + 2) & ~1);
  }
  return found;
}

function write16(chip, address, value) {
  const shift = (address & 2) * 8;
  const word = chip.bootrom[address >> 2];
  chip.bootrom[address >> 2] = (word & ~(0xffff << shift)) | (value << shift);
}

function memory(chip, address, count) {
  return Uint8Array.from({ length: count }, (_, i) => chip.readUint8((address >>> 0) + i));
}

/* Programming can only clear bits, as on the chip. */
function program(chip, offset, bytes) {
  return bytes.map((byte, i) => byte & chip.readUint8(FLASH + offset + i));
}
