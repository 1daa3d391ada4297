/** What a reader's own page and server have, as far as the samples speak of it; and as much of others' packages. */
export const readersWorld = `
declare const input: HTMLInputElement;
declare const file: File;
declare const uploader: import("@ossicle/core").Uploader;
declare const store: import("@ossicle/core").StoreAdapter;
declare const userId: string;
declare function render(state: import("@ossicle/core").UploadState): void;
declare function showProgress(fraction: number): void;
declare function offerToResume(pending: import("@ossicle/core").PendingUpload): void;
declare function offer(text: string, buttons: Readonly<Record<string, () => Promise<unknown>>>): void;
declare function follow(upload: import("@ossicle/core").Upload): void;
declare function userOf(request: Request): Promise<string | undefined>;
declare function upload(endpoint: string, token: object): Promise<void>;
declare function sendToMonitoring(entry: object): void;
declare const emulator: import("@ossicle/oss-emulator").Emulator;
declare module "ali-oss" {
  export interface Checkpoint {
    file: File;
    name: string;
    uploadId: string;
    doneParts: readonly object[];
  }
  export default class OSS {
    constructor(options: object);
    put(name: string, body: Buffer): Promise<object>;
    multipartUpload(name: string, file: File, options: object): Promise<{ name: string; etag: string }>;
    cancel(): void;
    abortMultipartUpload(name: string, uploadId: string): Promise<object>;
  }
}
`;
