/** The uploader that attributes ask for: a line of HTML is enough where a server signs. */
import { createUploader, ossStore, type RequestTrace, signAt, type Uploader } from "@ossicle/core";

/** Attributes that say where files go, and who signs. */
export const placeAttributes = ["region", "bucket", "endpoint", "addressing", "sign-at", "scope"] as const;

export interface OwnUploader {
  /** null where region, bucket or sign-at are missing: the app will give an uploader. */
  readonly uploader: Uploader | null;
  /**
   * Makes another one where the attributes ask for another place.
   * @throws UploadError "invalid-option" for attributes that can never work
   */
  update(): void;
  /** What is stored is kept. */
  close(): void;
}

export function createOwnUploader(host: HTMLElement, onRequest: (trace: RequestTrace) => void): OwnUploader {
  let uploader: Uploader | null = null;
  let place = "";

  function close(): void {
    uploader?.close().catch(() => {});
    uploader = null;
    place = "";
  }

  return {
    get uploader() {
      return uploader;
    },
    update() {
      const wanted = placeAttributes.map((name) => host.getAttribute(name)).join("\n");
      if (wanted === place) return;
      close();
      place = wanted;
      uploader = uploaderOf(host, onRequest);
    },
    close,
  };
}

function uploaderOf(host: HTMLElement, onRequest: (trace: RequestTrace) => void): Uploader | null {
  const said = (name: (typeof placeAttributes)[number]) => host.getAttribute(name) ?? undefined;
  const region = said("region");
  const bucket = said("bucket");
  const signsAt = said("sign-at");
  if (region === undefined || bucket === undefined || signsAt === undefined) return null;
  const addressing = said("addressing") as "virtual-hosted" | "path" | "cname" | undefined;
  const store = ossStore({ region, bucket, endpoint: said("endpoint"), addressing, signer: signAt(signsAt) });
  return createUploader({ store, scope: said("scope"), onRequest });
}
