/* The UF2 format of firmware: blocks of 512 bytes, each with its address in flash. */
const BLOCK = 512;
const MAGIC = [0x0a324655, 0x9e5d5157];
const NOT_MAIN_FLASH = 1;
const RP2040_FAMILY = 0xe48bff56;
const HAS_FAMILY = 0x2000;
const FLASH = 0x10000000;

export const FLASH_BYTES = 16 * 1024 * 1024; // the most that an RP2040 addresses

/* Put a firmware into a flash. Throws when it is not one for this chip. */
export function overlay(flash, uf2) {
  if (uf2.length === 0 || uf2.length % BLOCK) throw new Error("the firmware is not a UF2 file, or was cut short");
  for (let at = 0; at < uf2.length; at += BLOCK) {
    const word = (index) => uf2.readUInt32LE(at + 4 * index);
    if (word(0) !== MAGIC[0] || word(1) !== MAGIC[1]) throw new Error("the firmware is not a UF2 file");
    if (word(2) & NOT_MAIN_FLASH) continue;
    if (word(2) & HAS_FAMILY && word(7) !== RP2040_FAMILY) throw new Error("the firmware is for another chip, not for an RP2040");
    const [address, size] = [word(3) - FLASH, word(4)];
    if (address < 0 || size > 476 || address + size > flash.length) throw new Error("the firmware does not lie in flash");
    flash.set(uf2.subarray(at + 32, at + 32 + size), address);
  }
}
