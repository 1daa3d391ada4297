/** The whole integration: where the bucket is, where tokens come from, and the uploader. */
import {
  createUploader,
  ossStore,
  type StoreAdapter,
  type StsCredentials,
  signAt,
  type UploaderOptions,
} from "@ossicle/core";
import { askServer } from "./demo-server.js";

/** What `GET /api/config` answers. */
export interface StoreConfig {
  readonly region: string;
  readonly bucket: string;
  readonly endpoint: string;
}

export function localStore({ region, bucket, endpoint }: StoreConfig): StoreAdapter {
  const place = { region, bucket, endpoint, addressing: "path" } as const;
  // With ?auth=signer the page holds no token either: the demo's server signs each request.
  if (new URLSearchParams(location.search).get("auth") === "signer") {
    return ossStore({ ...place, signer: signAt("/api/sign") });
  }
  return ossStore({
    ...place,
    // Short-lived, for this bucket alone, and nowhere but in memory.
    credentials: ({ signal }) => askServer<StsCredentials>("/api/sts", { signal }),
  });
}

export function connect(store: StoreAdapter, options: Pick<UploaderOptions, "onRequest" | "workers">) {
  return createUploader({ store, ...options });
}
