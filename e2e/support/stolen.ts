/** What a hypervisor gave to other machines: to the one that is left waiting it counts as processor time of whoever ran. */
import { readFileSync } from "node:fs";

/** The kernel counts in hundredths of a second. */
const msPerTick = 10;

/** @returns milliseconds since the machine started, of all processors; 0 where the system does not tell */
export function stolenMs(): number {
  try {
    const [, , , , , , , , steal = "0"] = readFileSync("/proc/stat", "utf8").split(/\s+/);
    return Number(steal) * msPerTick;
  } catch {
    return 0;
  }
}
