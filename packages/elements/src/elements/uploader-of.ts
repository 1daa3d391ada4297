/** The uploader that attributes ask for: five lines of HTML are enough where a server signs. */
import { createUploader, ossStore, type RequestTrace, signAt, type Uploader } from "@ossicle/core";

/** Attributes that say where files go, and who signs. */
export const placeAttributes = ["region", "bucket", "endpoint", "addressing", "sign-at", "scope"] as const;

/**
 * @returns null where region, bucket or sign-at are missing: the app will give an uploader
 * @throws UploadError "invalid-option" for attributes that can never work
 */
export function uploaderOf(host: HTMLElement, onRequest: (trace: RequestTrace) => void): Uploader | null {
  const said = (name: (typeof placeAttributes)[number]) => host.getAttribute(name) ?? undefined;
  const region = said("region");
  const bucket = said("bucket");
  const signsAt = said("sign-at");
  if (region === undefined || bucket === undefined || signsAt === undefined) return null;
  const addressing = said("addressing") as "virtual-hosted" | "path" | "cname" | undefined;
  const store = ossStore({ region, bucket, endpoint: said("endpoint"), addressing, signer: signAt(signsAt) });
  return createUploader({ store, scope: said("scope"), onRequest });
}
