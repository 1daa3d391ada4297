/** The place of a bucket: what requests need to know of it. Types only. */

export interface BucketPlace {
  readonly bucket: string;
  /** @param key not encoded; "" for the bucket itself. @param query not encoded */
  urlOf(key: string, query: Readonly<Record<string, string>>): string;
}
