/** What the types say to an app: they fit lists of its own, and know what `appData` it keeps. */
import { expect, expectTypeOf, test } from "vitest";
import {
  createUploader,
  filesFromDrop,
  ossStore,
  type PendingUpload,
  type PickedFile,
  pickFiles,
  type Upload,
  type Uploader,
  type UploaderOptions,
  type UploadOptions,
  type UploadState,
} from "../src/index.js";

interface Album {
  readonly albumId: number;
}
const options: UploaderOptions = {
  store: ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: () => Promise.reject() }),
};

test("an uploader says what appData its uploads have", () => {
  const uploader = createUploader<Album>(options);

  expectTypeOf(uploader.upload).parameter(1).toEqualTypeOf<UploadOptions<Album>>();
  expectTypeOf(uploader.uploads).toEqualTypeOf<Upload<Album>[]>();
  expectTypeOf(uploader.pending).returns.resolves.toEqualTypeOf<PendingUpload<Album>[]>();
  expectTypeOf(uploader.resumeAll).returns.resolves.toEqualTypeOf<PendingUpload<Album>[]>();
  expectTypeOf<Upload<Album>["appData"]>().toEqualTypeOf<Album | undefined>();
  expectTypeOf<PendingUpload<Album>["appData"]>().toEqualTypeOf<Album | undefined>();
  expectTypeOf<PendingUpload<Album>["resume"]>().returns.resolves.toEqualTypeOf<Upload<Album>>();
  // @ts-expect-error albumId is a number
  const wrong: UploadOptions<Album> = { key: "a", appData: { albumId: "seven" } };
  expect(wrong.key).toBe("a");
});

test("an uploader of any appData is one that says nothing of it, and takes whatever it is given", () => {
  const known: Uploader = createUploader<Album>(options);
  const unknown = createUploader(options);

  expectTypeOf(unknown).toEqualTypeOf<Uploader<unknown>>();
  expectTypeOf<Upload["appData"]>().toEqualTypeOf<unknown>();
  expect(known.uploads).toEqual([]);
});

test("what an app is given fits the lists that its framework has", () => {
  expectTypeOf(pickFiles).returns.resolves.toEqualTypeOf<PickedFile[]>();
  expectTypeOf(filesFromDrop).returns.resolves.toEqualTypeOf<PickedFile[]>();
  const { uploads } = createUploader(options);

  // Frameworks must not put proxies around handles: Vue leaves alone what is frozen.
  expect(Object.isFrozen(uploads)).toBe(true);
});

test("why an upload waits is read without asking for its phase", () => {
  expectTypeOf<UploadState["waiting"]>().extract<null>().toEqualTypeOf<null>();
});
