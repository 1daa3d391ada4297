/** Compares the object that the store shows with the parts that were sent. Law: nothing is claimed that the store did not show. */
import { UploadError } from "../../errors.js";
import type { ObjectInfo, PartNames, Proof } from "../../store/object-store.js";
import type { RunContext } from "../context.js";
import { headObject } from "./head-object.js";

export interface Proved {
  readonly object: ObjectInfo;
  readonly proof: Exclude<Proof, "different">;
}

/**
 * @param object the answer to Complete. If it proves nothing, HEAD is asked
 * @throws UploadError "corrupted" if the object is not made of these parts; "upload-gone" if there is no object
 */
export async function prove(context: RunContext, object: ObjectInfo, parts: readonly PartNames[]): Promise<Proved> {
  const proof = await compare(context, object, parts);
  if (proof !== "unproved" || !wantsProof(context)) return { object, proof: judge(context, object, proof) };
  const seen = { ...(await lookAt(context, object)), callback: object.callback };
  return { object: seen, proof: judge(context, seen, await compare(context, seen, parts)) };
}

/**
 * Has the store compare an object with its parts. An ETag counts as no proof if none of our digests went into it: the store would only
 * agree with itself.
 */
export async function compare(context: RunContext, object: ObjectInfo, parts: readonly PartNames[]): Promise<Proof> {
  const { world, reporter, signal } = context;
  const proof = await world.store.matches(object, parts, reporter.callOptions(signal));
  const areDigested = parts.every(({ md5, crc64 }) => md5 !== undefined || crc64 !== undefined);
  return proof === "etag" && !areDigested ? "unproved" : proof;
}

/**
 * Turns a comparison into the proof that is reported. Warns the developer where a better proof is possible.
 *
 * @throws UploadError "corrupted" if the object is not made of the parts that were sent
 */
export function judge(context: RunContext, object: ObjectInfo, proof: Proof): Exclude<Proof, "different"> {
  const { world, settings, target } = context;
  if (proof === "different") throw isDifferent(target.key, object);
  // Without a digest of ours the store's answers were only compared with each other.
  if (!wantsProof(context)) return "unproved";
  if (proof === "unproved") {
    world.warn(
      `"${target.key}" is stored, but nothing the store shows proves its content. ${world.store.hints.nothingProves}`,
    );
  }
  if (proof === "etag" && settings.digests.crc64 && object.crc64 === undefined) {
    // The message names no key: the rule is the bucket's, so the same message is given once for all objects.
    world.warn(
      `Objects are proved by their ETag, because their CRC-64 is hidden from this page. ${world.store.hints.crc64Hidden}`,
    );
  }
  return proof;
}

function wantsProof({ settings }: RunContext): boolean {
  return settings.digests.md5 || settings.digests.crc64;
}

/** If HEAD fails there is only no better proof. If it finds no object Complete did not take effect. */
async function lookAt(context: RunContext, object: ObjectInfo): Promise<ObjectInfo> {
  let mayTell = true;
  const seen = await headObject(context, () => {
    mayTell = false;
    return true;
  });
  if (seen !== undefined) return seen;
  if (!mayTell) return object;
  throw new UploadError(
    "upload-gone",
    `"${context.target.key}" was said to be complete, but the store has no such object`,
  );
}

function isDifferent(key: string, { requestId }: ObjectInfo): UploadError {
  return new UploadError("corrupted", `"${key}" was stored, but its CRC-64 or ETag is not that of the parts sent`, {
    requestId,
    hint: "resume() sends it again. If it happens again, the file, the memory or something between is damaging bytes.",
  });
}
