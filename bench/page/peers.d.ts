/** As much of the peers' types as is used here: their packages are installed only when they are measured. */
declare module "ali-oss" {
  export default class OSS {
    constructor(options: object);
    multipartUpload(name: string, file: File, options: object): Promise<object>;
  }
}
declare module "@uppy/core" {
  interface UppyResult {
    readonly failed?: readonly { readonly error?: unknown }[];
  }
  export default class Uppy {
    use(plugin: unknown, options: object): void;
    on(
      event: "upload-progress",
      listener: (
        file: unknown,
        progress: { readonly bytesUploaded: number; readonly bytesTotal: number | null },
      ) => void,
    ): void;
    addFile(file: { name: string; type: string; data: File }): void;
    upload(): Promise<UppyResult | undefined>;
    destroy(): void;
  }
}
declare module "@uppy/aws-s3" {
  const AwsS3: unknown;
  export default AwsS3;
}
declare module "tus-js-client" {
  export class Upload {
    constructor(file: File, options: object);
    start(): void;
    findPreviousUploads(): Promise<readonly object[]>;
    resumeFromPreviousUpload(previous: object): void;
  }
}
declare module "@aws-sdk/client-s3" {
  export class S3Client {
    constructor(options: object);
  }
}
declare module "@aws-sdk/lib-storage" {
  export class Upload {
    constructor(options: object);
    done(): Promise<object>;
  }
}
