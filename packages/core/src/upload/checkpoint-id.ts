/** The name of a checkpoint: who uploads which file to which place. Also the name of the lock that guards it. */

/** @returns 32 hexadecimal digits */
export async function checkpointIdOf(
  scope: string,
  location: string,
  key: string,
  fingerprint: string,
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([scope, location, key, fingerprint]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function lockName(checkpointId: string): string {
  return `ossicle:${checkpointId}`;
}
