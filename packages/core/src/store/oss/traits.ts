/** What HEAD repeats of what an object was to be, compared with what was asked for. Pure. */
import type { ObjectTarget } from "../object-store.js";
import { initiateHeaders, type ObjectHeader } from "./object-headers.js";

const metadata = "x-oss-meta-";
/** Does HEAD repeat it as it was given? A page may read the first three under any CORS rule. */
const isRepeated: Readonly<Record<ObjectHeader, boolean>> = {
  "content-type": true,
  "cache-control": true,
  expires: true,
  "content-disposition": true,
  "content-encoding": true,
  "x-oss-storage-class": true,
  "x-oss-server-side-encryption": true,
  "x-oss-server-side-encryption-key-id": true,
  // Only their number.
  "x-oss-tagging": false,
  // GetObjectAcl tells it.
  "x-oss-object-acl": false,
  // Of the requests, not of the object.
  "x-oss-callback": false,
  "x-oss-callback-var": false,
  "x-oss-forbid-overwrite": false,
  "x-oss-traffic-limit": false,
};

export function traitsIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isTrait(name) || name.startsWith(metadata)));
}

function isTrait(name: string): boolean {
  return Object.hasOwn(isRepeated, name) && isRepeated[name as ObjectHeader];
}

/** @returns undefined when nothing differs, but metadata was asked for that this page may not read */
export function hasTraits(traits: Readonly<Record<string, string>>, target: ObjectTarget): boolean | undefined {
  const asked = traitsIn(initiateHeaders(target));
  const names = Object.keys(asked);
  const differs = names.some((name) => traits[name] !== undefined && !isSame(name, traits[name], asked[name] ?? ""));
  const unasked = Object.keys(traits).some((name) => name.startsWith(metadata) && asked[name] === undefined);
  if (differs || unasked) return false;
  return names.some((name) => name.startsWith(metadata) && traits[name] === undefined) ? undefined : true;
}

function isSame(name: string, shown: string, asked: string): boolean {
  return name === "content-type" ? shown.toLowerCase() === asked.toLowerCase() : shown === asked;
}
