/** Compares what HEAD shows of an object, besides its bytes, with what was asked for. Pure. */
import type { ObjectTarget } from "../object-store.js";
import { initiateHeaders, type ObjectHeader } from "./object-headers.js";

const metadata = "x-oss-meta-";
/** Headers that HEAD does not repeat: of tags it tells only the number, of the ACL nothing. The others are about requests. */
type NotRepeated =
  | "x-oss-tagging"
  | "x-oss-object-acl"
  | "x-oss-callback"
  | "x-oss-callback-var"
  | "x-oss-forbid-overwrite"
  | "x-oss-traffic-limit";

/** HEAD repeats these as they were given. A page may read the first three under any CORS rule. */
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

/** @returns those of the headers that HEAD repeats, and metadata. @param headers names in lower case */
export function traitsIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => Object.hasOwn(repeated, name) || name.startsWith(metadata)),
  );
}

/** @returns undefined if nothing differs, but this page may not read all metadata that was asked for */
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
