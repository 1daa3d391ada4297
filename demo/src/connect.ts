/** The whole integration: where the bucket is, where tokens come from, and the uploader. */
import { createUploader, ossStore, type StsCredentials, type Uploader } from "@ossicle/core";

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
      credentials: ({ signal }) => fetchJson<StsCredentials>("/api/sts", signal),
    }),
  });
}

export async function fetchJson<Answer>(url: string, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { cache: "no-store", ...(signal === undefined ? {} : { signal }) });
  if (!response.ok) throw new Error(`The demo server answered ${response.status} to ${url}: is it still running?`);
  return (await response.json()) as Answer;
}
