/** How the page is connected to the library: where the bucket is, where tokens come from, and the uploader. Nothing else is needed. */
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
  // With ?auth=signer the page holds not even a token: the demo's server signs each request.
  if (new URLSearchParams(location.search).get("auth") === "signer") {
    return ossStore({ ...place, signer: signAt("/api/sign") });
  }
  return ossStore({
    ...place,
    // A token is valid for a short time and this bucket only. It is kept in memory, nowhere else.
    credentials: ({ signal }) => askServer<StsCredentials>("/api/sts", { signal }),
  });
}

export function connect(store: StoreAdapter, options: Pick<UploaderOptions, "onRequest" | "workers">) {
  return createUploader({ store, ...options });
}
