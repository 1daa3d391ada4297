/** Nothing is claimed without proof: compares the object that the store reports with the parts that were sent. Law 3. */
import { UploadError } from "../../errors.js";
import type { ObjectInfo, PartNames, Proof } from "../../store/object-store.js";
import type { RunContext } from "../context.js";
import { headOrNothing } from "./head-object.js";

export interface Proved {
  readonly object: ObjectInfo;
  readonly proof: Exclude<Proof, "different">;
}

/**
 * @param object what Complete answered; asked for again by HEAD if that proves nothing
 * @throws UploadError "corrupted" when the object is not made of these parts; "upload-gone" when there is none after all
 */
export async function prove(context: RunContext, object: ObjectInfo, parts: readonly PartNames[]): Promise<Proved> {
  const proof = await compare(context, object, parts);
  if (proof !== "unproved" || !wantsProof(context)) return { object, proof: judge(context, object, proof) };
  const seen = { ...(await lookAt(context, object)), callback: object.callback };
  return { object: seen, proof: judge(context, seen, await compare(context, seen, parts)) };
}

/**
 * What the store finds when it compares an object with its parts. An ETag proves nothing where no digest of ours went in: then the
 * store agrees with itself.
 */
export async function compare(context: RunContext, object: ObjectInfo, parts: readonly PartNames[]): Promise<Proof> {
  const { world, reporter, signal } = context;
  const proof = await world.store.matches(object, parts, reporter.call(signal));
  const areDigested = parts.every(({ md5, crc64 }) => md5 !== undefined || crc64 !== undefined);
  return proof === "etag" && !areDigested ? "unproved" : proof;
}

/**
 * What an object that the store has shown is worth as a proof; warns the developer where it is less than could be.
 *
 * @throws UploadError "corrupted" when the object is not made of the parts that were sent
 */
export function judge(context: RunContext, object: ObjectInfo, proof: Proof): Exclude<Proof, "different"> {
  const { world, settings, target } = context;
  if (proof === "different") throw isDifferent(target.key, object);
  // Without a digest of ours the store was compared with nothing but its own words.
  if (!wantsProof(context)) return "unproved";
  if (proof === "unproved") {
    world.warn(
      `"${target.key}" is stored, but nothing the store shows proves its content. ${world.store.hints.nothingProves}`,
    );
  }
  if (proof === "etag" && settings.digests.crc64 && object.crc64 === undefined) {
    // Not named by its key: the rule is the bucket's, and one warning is enough.
    world.warn(
      `Objects are proved by their ETag, because their CRC-64 is hidden from this page. ${world.store.hints.crc64Hidden}`,
    );
  }
  return proof;
}

function wantsProof({ settings }: RunContext): boolean {
  return settings.digests.md5 || settings.digests.crc64;
}

/** A failure to look only means that there is no proof; that nothing is there means that Complete did not happen. */
async function lookAt(context: RunContext, object: ObjectInfo): Promise<ObjectInfo> {
  let mayTell = true;
  const seen = await headOrNothing(context, () => {
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
