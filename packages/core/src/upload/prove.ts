/** Nothing is claimed without proof: compares the object that the store reports with the parts that were sent. Law 3. */
import { UploadError } from "../errors.js";
import type { ObjectInfo, PartNames, Proof } from "../store/object-store.js";
import { headOrNothing } from "./head.js";
import type { RunContext } from "./run.js";

export interface Proved {
  readonly object: ObjectInfo;
  readonly proof: Exclude<Proof, "different">;
}

/**
 * @param object what Complete or PutObject answered; asked for again by HEAD if that proves nothing
 * @throws UploadError "corrupted" when the object is not made of these parts
 */
export async function prove(context: RunContext, object: ObjectInfo, parts: readonly PartNames[]): Promise<Proved> {
  const { world, settings, target, reporter, signal } = context;
  const options = reporter.call(signal);
  let seen = object;
  let proof = await world.store.matches(seen, parts, options);
  const wanted = settings.digests.md5 || settings.digests.crc64;
  if (proof === "unproved" && wanted) {
    // The object is stored whatever HEAD says: a failure here only means that there is no proof.
    seen = (await headOrNothing(context, () => true)) ?? object;
    proof = await world.store.matches(seen, parts, options);
    if (proof === "unproved") {
      world.warn(
        `"${target.key}" is stored, but nothing the store shows proves its content. Add x-oss-hash-crc64ecma and ETag to ` +
          "ExposeHeader in the bucket's CORS rule.",
      );
    }
  }
  if (proof === "etag" && settings.digests.crc64 && seen.crc64 === undefined) {
    // Not named by its key: the rule is the bucket's, and one warning is enough.
    world.warn(
      "Objects are proved by their ETag, because their CRC-64 is hidden from this page. Add x-oss-hash-crc64ecma to " +
        "ExposeHeader in the bucket's CORS rule.",
    );
  }
  if (proof !== "different") {
    // Without a digest of ours the store was compared with nothing but its own words.
    return { object: { ...seen, callback: object.callback }, proof: wanted ? proof : "unproved" };
  }
  throw new UploadError(
    "corrupted",
    `"${target.key}" was stored, but its CRC-64 or ETag is not that of the parts sent`,
    {
      requestId: seen.requestId,
      hint: "resume() sends it again. If it happens again, the file, the memory or something between is damaging bytes.",
    },
  );
}
