/** What HEAD repeats of what an object was to be, compared with what was asked for. Pure. */
import type { ObjectTarget } from "../object-store.js";
import { initiateHeaders, type ObjectHeader } from "./object-headers.js";

const metadata = "x-oss-meta-";
/**
 * Not repeated: of tags HEAD tells their number alone, of the ACL nothing; the others are said of requests, not of the object.
 */
type NotRepeated =
  | "x-oss-tagging"
  | "x-oss-object-acl"
  | "x-oss-callback"
  | "x-oss-callback-var"
  | "x-oss-forbid-overwrite"
  | "x-oss-traffic-limit";

/** HEAD repeats them as they were given; a page may read the first three under any CORS rule. */
const repeated: Readonly<Record<Exclude<ObjectHeader, NotRepeated>, true>> = {
  "content-type": true,
  "cache-control": true,
  expires: true,
  "content-disposition": true,
  "content-encoding": true,
  "x-oss-storage-class": true,
  "x-oss-server-side-encryption": true,
  "x-oss-server-side-encryption-key-id": true,
};

export function traitsIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => Object.hasOwn(repeated, name) || name.startsWith(metadata)),
  );
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
