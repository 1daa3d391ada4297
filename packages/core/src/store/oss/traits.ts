/** What HEAD repeats of what an object was to be, compared with what was asked for. Pure. */
import type { ObjectTarget } from "../object-store.js";
import { initiateHeaders } from "./object-headers.js";

const metadata = "x-oss-meta-";
/** HEAD repeats them as they were given; a page may read the first three under any CORS rule. */
const repeated: ReadonlySet<string> = new Set([
  "content-type",
  "cache-control",
  "expires",
  "content-disposition",
  "content-encoding",
  "x-oss-storage-class",
  "x-oss-server-side-encryption",
  "x-oss-server-side-encryption-key-id",
]);

export function traitsIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => repeated.has(name) || name.startsWith(metadata)),
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
