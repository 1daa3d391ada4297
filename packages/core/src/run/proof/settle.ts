/**
 * Decides whether the object at the key already is the file. Reads the file and sends no byte of it. Law: nothing is claimed that the
 * store did not show.
 */
import type { Moment, ObjectInfo, PartNames, Proof } from "../../store/object-store.js";
import type { RunContext } from "../context.js";
import { digestParts } from "../parts/digest-parts.js";
import { inUnits, type PartRange } from "../parts/positions.js";
import { headObject } from "./head-object.js";
import { compare } from "./prove.js";

export interface Settled {
  readonly object: ObjectInfo;
  readonly proof: Exclude<Proof, "unproved" | "different">;
}

/** Which object at the key is accepted as the one that was asked for. */
export type Acceptable =
  /** Any object with the same bytes: for "skip-identical". */
  | "same-bytes"
  /**
   * An object that a request of ours may have made: it is not older than the request by the store's clock, and has the headers that
   * were asked for. If the page cannot read the store's time no object is accepted.
   */
  | {
      readonly storedSince: Moment;
      /** Asked once the object was seen, of what HEAD does not show. Default: it is as wanted */
      readonly isAsWanted?: () => boolean;
    };

/** Where only the CRC-64 decides, the file is digested in such pieces: several workers share them. */
const pieceSize = 8 * 1024 * 1024;

/**
 * @param cut   the parts that the object would be made of, which its ETag tells; empty for an empty file. undefined where nobody knows
 *   them: then only a CRC-64 can prove the object
 * @param known parts that this page has digested already
 * @returns undefined if there is no object, another object, or nothing that proves it is the file
 */
export async function settle(
  context: RunContext,
  cut: readonly PartRange[] | undefined,
  known: ReadonlyMap<number, PartNames>,
  acceptable: Acceptable,
): Promise<Settled | undefined> {
  const { world, file, target, signal } = context;
  const object = await headObject(context, (code) => code === "forbidden");
  if (object === undefined || (object.size !== undefined && object.size !== file.size)) return undefined;
  if (acceptable !== "same-bytes") {
    const since = acceptable.storedSince();
    if (acceptable.isAsWanted?.() === false) return undefined;
    if (since === undefined || object.storedAtMs < since || !world.store.isAsAskedFor(object, target)) return undefined;
  }
  if (object.crc64 === undefined && (object.etag === undefined || cut === undefined)) return undefined;

  const plan = cut ?? inUnits({ fileSize: file.size, unit: pieceSize });
  const names = new Map<number, PartNames>();
  for (const { number, start, end } of plan) {
    const sent = cut && known.get(number);
    if (sent?.size !== end - start) continue;
    if (object.crc64 === undefined || sent.crc64 !== undefined) names.set(number, sent);
  }
  const unknown = plan.filter(({ number }) => !names.has(number));
  await digestParts(context, unknown, { signal }, ({ number }, digest) => {
    names.set(number, { ...digest, etag: undefined });
  });
  const parts = plan.flatMap(({ number }) => names.get(number) ?? []);
  const proof = await compare(context, object, parts);
  return proof === "crc64" || proof === "etag" ? { object: { ...object, key: target.key }, proof } : undefined;
}
