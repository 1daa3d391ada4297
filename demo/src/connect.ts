/** The whole integration: where the bucket is, where tokens come from, and the uploader. */
import { createUploader, ossStore, type StoreAdapter, type StsCredentials, type UploaderOptions } from "@ossicle/core";
import { askServer } from "./demo-server.js";

/** What `GET /api/config` answers. */
export interface StoreConfig {
  readonly region: string;
  readonly bucket: string;
  readonly endpoint: string;
}

export function localStore({ region, bucket, endpoint }: StoreConfig): StoreAdapter {
  return ossStore({
    region,
    bucket,
    endpoint,
    addressing: "path",
    // Short-lived, for this bucket alone, and nowhere but in memory.
    credentials: ({ signal }) => askServer<StsCredentials>("/api/sts", { signal }),
  });
}

export function connect(store: StoreAdapter, options: Pick<UploaderOptions, "onRequest" | "workers">) {
  return createUploader({ store, ...options });
}
