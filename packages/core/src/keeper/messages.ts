/** What pages and keepers say to each other. Both may be of different versions of the library, and a worker hears the app's own messages too. */
import type { KeptFile } from "./keeper.js";

/** Who does not know a version keeps silent, and then nothing is kept. */
const version = 1;

export type Asked =
  | { readonly act: "keep"; readonly scope: string; readonly files: readonly KeptFile[] }
  /** Answered through the port that comes with it. Without ids it asks only whether a keeper is there. */
  | { readonly act: "kept"; readonly scope: string; readonly ids: readonly string[] }
  /** Answered likewise: all files that have a note. */
  | { readonly act: "queued"; readonly scope: string }
  /** Without ids: all of the scope. */
  | { readonly act: "release"; readonly scope: string; readonly ids?: readonly string[] | undefined };

export interface Answered {
  readonly act: "files";
  readonly files: readonly KeptFile[];
}

/** @returns the message as it is posted */
export function sealed(said: Asked | Answered): object {
  return { ossicle: "keeper", version, ...said };
}

/** @returns undefined for what is not of this library, or of another version of it */
export function readAsked(data: unknown): Asked | undefined {
  const said = read(data);
  if (said === undefined || typeof said.scope !== "string") return undefined;
  const { act, scope, files, ids } = said;
  if (act === "keep" && isList(files, isKeptFile)) return { act, scope, files };
  if (act === "queued") return { act, scope };
  if (act === "kept" && isList(ids, isText)) return { act, scope, ids };
  if (act === "release" && (ids === undefined || isList(ids, isText))) return { act, scope, ids };
  return undefined;
}

/** @returns undefined for what is no answer of a keeper */
export function readAnswer(data: unknown): Answered | undefined {
  const said = read(data);
  if (said?.act !== "files" || !isList(said.files, isKeptFile)) return undefined;
  return { act: said.act, files: said.files };
}

function read(data: unknown): Readonly<Record<string, unknown>> | undefined {
  const said: Readonly<Record<string, unknown>> = Object(data);
  return said.ossicle === "keeper" && said.version === version ? said : undefined;
}

function isList<T>(value: unknown, isOne: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isKeptFile(value: unknown): value is KeptFile {
  const { id, file } = Object(value);
  return typeof id === "string" && file instanceof Blob;
}
