/** As much of the vendor's SDK as the tests call. */
declare module "ali-oss" {
  interface Response {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  }
  interface Options {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly stsToken?: string;
    readonly bucket: string;
    readonly region: string;
    readonly endpoint: string;
    readonly authorizationV4: boolean;
    /** Path style. */
    readonly sldEnable?: boolean;
    readonly refreshSTSToken?: () => Promise<{ accessKeyId: string; accessKeySecret: string; stsToken: string }>;
    readonly refreshSTSTokenInterval?: number;
  }
  interface Callback {
    readonly url: string;
    readonly body: string;
    readonly contentType?: string;
    readonly customValue?: Readonly<Record<string, string>>;
  }
  interface PutOptions {
    readonly mime?: string;
    readonly meta?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly callback?: Callback;
    readonly partSize?: number;
    readonly parallel?: number;
  }
  class OSS {
    constructor(options: Options);
    put(
      name: string,
      body: Buffer | string,
      options?: PutOptions,
    ): Promise<{ name: string; data?: unknown; res: Response }>;
    get(name: string, options?: { headers?: Record<string, string> }): Promise<{ content: Buffer; res: Response }>;
    head(name: string): Promise<{ status: number; meta: Record<string, string> | null; res: Response }>;
    delete(name: string): Promise<{ res: Response }>;
    list(
      query: Record<string, string | number>,
      options: object,
    ): Promise<{ objects?: { name: string; size: number; etag: string }[]; prefixes: string[] | null }>;
    listV2(
      query: Record<string, string | number>,
      options: object,
    ): Promise<{ objects?: { name: string }[]; keyCount: number; nextContinuationToken: string | null }>;
    listBuckets(): Promise<{ buckets: { name: string; region: string }[] }>;
    getBucketInfo(name: string): Promise<{ bucket: Record<string, unknown> }>;
    getBucketLocation(name: string): Promise<{ location: unknown }>;
    initMultipartUpload(name: string, options?: PutOptions): Promise<{ uploadId: string }>;
    uploadPart(
      name: string,
      uploadId: string,
      number: number,
      file: string | Buffer,
      start: number,
      end: number,
    ): Promise<{ etag: string; res: Response }>;
    listParts(
      name: string,
      uploadId: string,
      query?: Record<string, string | number>,
    ): Promise<{ parts: unknown; isTruncated: string; nextPartNumberMarker: string }>;
    listUploads(
      query: Record<string, string | number>,
    ): Promise<{ uploads: { name: string; uploadId: string }[]; isTruncated: boolean }>;
    completeMultipartUpload(
      name: string,
      uploadId: string,
      parts: { number: number; etag: string }[],
      options?: PutOptions,
    ): Promise<{ etag: string; data?: unknown; res: Response }>;
    abortMultipartUpload(name: string, uploadId: string): Promise<{ res: Response }>;
    multipartUpload(
      name: string,
      file: string | Buffer,
      options?: PutOptions,
    ): Promise<{ etag: string; res: Response }>;
    signatureUrl(name: string, options: Record<string, unknown>): string;
    signatureUrlV4(
      method: string,
      expires: number,
      request: { headers?: Record<string, string>; queries?: Record<string, string | number> },
      name: string,
      additionalHeaders?: string[],
    ): Promise<string>;
  }
  export default OSS;
}
