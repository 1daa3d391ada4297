/** Us, as an app would use us. */
import {
  createUploader,
  ossStore,
  type Upload,
  type Uploader,
  type UploaderOptions,
  type UploadState,
} from "@ossicle/core";
import { account, region } from "./account.js";
import type { Ready, Start, Task } from "./contestant.js";

let uploader: Uploader | undefined;

export const ready: Ready = async (task) => {
  uploader = uploaderFor(task);
  await uploader.pending();
};

export const start: Start = async (files, task) => {
  const uploads = uploadAll(files, task);
  if (task.watched) for (const upload of uploads) upload.subscribe(tell);
  // Not closed: the page is, and a profile wants the workers to be there still.
  return await Promise.all(uploads.map(({ finished }) => finished));
};

/** What an app would draw. A bar of a library that says no fraction is made of its bytes. */
function tell({ progress }: UploadState): void {
  const { sentBytes, totalBytes, secondsLeft } = progress;
  const { fraction = totalBytes === 0 ? 0 : sentBytes / totalBytes } = progress as { readonly fraction?: number };
  window.bench.tell(fraction, secondsLeft);
}

export function uploadAll(files: readonly File[], task: Task): readonly Upload[] {
  const ours = uploader ?? uploaderFor(task);
  return files.map((file, index) => ours.upload(file, { key: files.length === 1 ? task.key : `${task.key}-${index}` }));
}

function uploaderFor({ oss, bucket, partSize, options }: Task) {
  const store = ossStore({ region, bucket, endpoint: oss, addressing: "path", credentials: account });
  const own = (options ?? {}) as Omit<UploaderOptions, "store">;
  return createUploader({ store, ...(partSize === undefined ? {} : { partSize }), ...own });
}
