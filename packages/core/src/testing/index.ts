/** For tests of apps: an uploader that does as it is told. */

export type { FakePendingUpload, FakeUpload, FakeUploader, FakeUploaderOptions } from "../api/testing.js";
export { isAbortError, isUploadError, UploadError } from "../errors.js";
export { createFakeUploader } from "./create-fake-uploader.js";
export { fakeFile } from "./fake-file.js";
