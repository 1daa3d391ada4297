/** The run of an upload that was completed after its page was left: there is nothing to do but to tell. */
import type { Outlet, Runs } from "../upload/engine.js";
import type { Memory } from "../upload/memory.js";
import { nothingYet } from "../upload/state.js";

export function doneAlready({ file, result }: NonNullable<Memory["done"]>, { emit }: Outlet): Runs {
  const { size } = file;
  return {
    run: async (signal) => {
      signal.throwIfAborted();
      emit({ type: "started" });
      return result;
    },
    progress: { ...nothingYet, fraction: 1, totalBytes: size, storedBytes: size, sentBytes: size, resumedBytes: size },
    arrivedBytes: 0,
    leftBytes: 0,
    partMap: () => new Uint8Array(0),
    partStarts: () => new Float64Array(0),
  };
}
