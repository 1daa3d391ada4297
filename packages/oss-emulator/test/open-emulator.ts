/** An emulator that refuses no request for its signature, so that a hostile request reaches what it attacks. */
import type { Emulator } from "../src/index.js";
import { emulatorWith } from "./world.js";

/** Its bucket "demo" is open to everybody, and its control API is on. */
export function openEmulator(): Promise<Emulator> {
  return emulatorWith({ control: true, buckets: [{ name: "demo", acl: "public-read-write" }] });
}
