/** Where a bucket is, as far as requests need to know. Types only. */

export interface BucketPlace {
  readonly bucket: string;
  /** @param key "" is the bucket itself */
  urlOf(key: string, query: Readonly<Record<string, string>>): string;
}
