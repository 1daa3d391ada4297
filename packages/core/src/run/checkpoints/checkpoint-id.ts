/** Names a checkpoint by scope, location, key and fingerprint, and the lock that guards it by the checkpoint. */
import { version } from "../../checkpoint/records.js";
import { hex } from "../../hex.js";

/** @returns 32 hexadecimal digits */
export async function checkpointIdOf(
  scope: string,
  location: string,
  key: string,
  fingerprint: string,
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([scope, location, key, fingerprint]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return hex(hash.subarray(0, 16));
}

/** @returns the id of this version's own checkpoint, beside one of a later version of the library */
export function besideId(checkpointId: string): string {
  return `${checkpointId}.${version}`;
}

/** The same for a checkpoint and those beside it: it is one file to one key. */
export function lockName(checkpointId: string): string {
  return `${prefix}${checkpointId.slice(0, 32)}`;
}

const prefix = "ossicle:";

/** @returns the id of the checkpoint or note, without what tells apart those beside each other */
export function idOfLock(name: string): string {
  return name.slice(prefix.length);
}
