/** Pseudo-random bytes: the same in every run, others for every seed. */
export function noise(size: number, seed = 0): Uint8Array<ArrayBuffer> {
  let state = size + 1 + Math.imul(seed, 2654435761);
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
