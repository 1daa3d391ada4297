/** MD5 of a few bytes. WebCrypto has none, and edge runtimes allow no WebAssembly of one's own. RFC 1321. Pure. */

const rotations = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
/** None of the 64 products is nearer than 0.015 to a whole number, so every engine's sine is exact enough. */
const constants = Int32Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))));

/** @returns 16 bytes */
export function md5(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = padded(bytes);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let at = 0; at < words.length; at += 16) addBlock(state, words.subarray(at, at + 16));
  const result = new DataView(new ArrayBuffer(16));
  state.forEach((word, i) => {
    result.setInt32(4 * i, word, true);
  });
  return new Uint8Array(result.buffer);
}

/** The message, a one, zeros, and the length in bits, as words of little end first. */
function padded(bytes: Uint8Array): Int32Array {
  const view = new DataView(new ArrayBuffer(64 * Math.ceil((bytes.length + 9) / 64)));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(view.byteLength - 8, 8n * BigInt(bytes.length), true);
  return Int32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true));
}

function addBlock(state: Int32Array, block: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < 64; i++) {
    const [mixed, word] = mix(i, b, c, d);
    const sum = a + mixed + (constants[i] ?? 0) + (block[word % 16] ?? 0);
    const by = rotations[i >> 4]?.[i % 4] ?? 0;
    [a, b, c, d] = [d, b + ((sum << by) | ((sum | 0) >>> (32 - by))), b, c];
  }
  for (const [i, word] of [a, b, c, d].entries()) state[i] = (state[i] ?? 0) + word;
}

/** @returns the round's function of the three words, and which word of the block step `i` takes */
function mix(i: number, b: number, c: number, d: number): readonly [mixed: number, word: number] {
  switch (i >> 4) {
    case 0:
      return [d ^ (b & (c ^ d)), i];
    case 1:
      return [c ^ (d & (b ^ c)), 5 * i + 1];
    case 2:
      return [b ^ c ^ d, 3 * i + 5];
    default:
      return [c ^ (b | ~d), 7 * i];
  }
}
