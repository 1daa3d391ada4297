/** The whole integration: where the bucket is, where tokens come from, and the uploader. */
import { createUploader, ossStore, type StsCredentials, type Uploader } from "@ossicle/core";
import { askServer } from "./demo-server.js";

/** What `GET /api/config` answers. */
export interface StoreConfig {
  readonly region: string;
  readonly bucket: string;
  readonly endpoint: string;
}

export function connect({ region, bucket, endpoint }: StoreConfig): Uploader {
  return createUploader({
    store: ossStore({
      region,
      bucket,
      endpoint,
      addressing: "path",
      // Short-lived, for this bucket alone, and nowhere but in memory.
      credentials: ({ signal }) => askServer<StsCredentials>("/api/sts", { signal }),
    }),
  });
}
