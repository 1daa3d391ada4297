/** Decides, by looking at the object itself, whether it already is the file in hand. It reads the file and sends nothing. Law 3. */
import type { Moment, ObjectInfo, PartNames, Proof } from "../../store/object-store.js";
import type { PartRange } from "../../upload/plan.js";
import type { RunContext } from "../context.js";
import { digestParts } from "../parts/digest-parts.js";
import { headOrNothing } from "./head-object.js";
import { compare } from "./prove.js";

export interface Settled {
  readonly object: ObjectInfo;
  readonly proof: Exclude<Proof, "unproved" | "different">;
}

/** Which object at the key may be taken for the one that was asked for. */
export type Acceptable =
  /** "skip-identical": whichever has the same bytes. */
  | "same-bytes"
  /**
   * One that a request which went out may have made: not older, by the store's clock, and what it was to be. Where no answer lets
   * the page read the store's time, none is.
   */
  | { readonly storedSince: Moment };

/**
 * @param plan  the cut of the file that a multipart ETag would be predicted from; empty for an empty file
 * @param known names of parts that this page has already taken from the file
 * @returns undefined when there is no object, another one, or nothing that could prove it: nobody guesses
 */
export async function settle(
  context: RunContext,
  plan: readonly PartRange[],
  known: ReadonlyMap<number, PartNames>,
  acceptable: Acceptable,
): Promise<Settled | undefined> {
  const { world, file, target, signal } = context;
  const object = await headOrNothing(context, (code) => code === "forbidden");
  if (object === undefined || (object.size !== undefined && object.size !== file.size)) return undefined;
  if (acceptable !== "same-bytes") {
    const since = acceptable.storedSince();
    if (since === undefined || object.storedAtMs < since || !world.store.isAsAskedFor(object, target)) return undefined;
  }
  if (object.crc64 === undefined && object.etag === undefined) return undefined;

  const names = new Map<number, PartNames>();
  for (const { number } of plan) {
    const sent = known.get(number);
    if (sent !== undefined && (object.crc64 === undefined || sent.crc64 !== undefined)) names.set(number, sent);
  }
  const unknown = plan.filter(({ number }) => !names.has(number));
  await digestParts(context, unknown, { signal }, (number, digest) => {
    names.set(number, { ...digest, etag: undefined });
  });
  const parts = plan.flatMap(({ number }) => names.get(number) ?? []);
  const proof = await compare(context, object, parts);
  return proof === "crc64" || proof === "etag" ? { object: { ...object, key: target.key }, proof } : undefined;
}
