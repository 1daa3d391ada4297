/** The stored parts of a multipart upload, as OSS lists them. */
import { type PartsPage, readPartsPage } from "../bucket/answers.js";
import { foreign } from "../bucket/bad-answer.js";
import type { CallOptions, ListedPart, MultipartUpload } from "../object-store.js";
import type { ConnectedBucket } from "./connected-bucket.js";
import { listPartsRequest } from "./oss-requests.js";
import { listedCrc64 } from "./read-crc64.js";

const partsPerPage = 1000;

/** See `ObjectStore.listParts`. */
export async function listParts(
  bucket: ConnectedBucket,
  upload: MultipartUpload,
  options: CallOptions,
): Promise<readonly ListedPart[]> {
  const all: ListedPart[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: PartsPage = await partsPage(bucket, upload, after, partsPerPage, options);
    all.push(...page.parts);
    after = page.next;
  }
  return all;
}

/**
 * @param after the number of the last part known; 0 for the first page
 * @param most how many parts the page may have
 */
export async function partsPage(
  bucket: ConnectedBucket,
  upload: MultipartUpload,
  after: number,
  most: number,
  options: CallOptions,
): Promise<PartsPage> {
  const request = listPartsRequest(upload, after, most);
  return await bucket.call(request, options, (response) => {
    const page = readPartsPage(response.xml, listedCrc64);
    // A marker that does not advance would make us ask for ever.
    if (page === undefined || (page.next !== undefined && page.next <= after))
      throw foreign(bucket.dialect, request, response);
    return page;
  });
}
