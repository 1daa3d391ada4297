/** Us, as an app would use us. */
import { createUploader, ossStore, type Uploader, type UploaderOptions } from "@ossicle/core";
import { account, region } from "./account.js";
import type { Ready, Start, Task } from "./contestant.js";

let uploader: Uploader | undefined;

export const ready: Ready = async (task) => {
  uploader = uploaderFor(task);
  await uploader.pending();
};

export const start: Start = async (files, task) => {
  const ours = uploader ?? uploaderFor(task);
  const uploads = files.map((file, index) =>
    ours.upload(file, { key: files.length === 1 ? task.key : `${task.key}-${index}` }),
  );
  // Not closed: the page is, and a profile wants the workers to be there still.
  return await Promise.all(uploads.map(({ finished }) => finished));
};

function uploaderFor({ oss, bucket, partSize, options }: Task) {
  const store = ossStore({ region, bucket, endpoint: oss, addressing: "path", credentials: account });
  const own = (options ?? {}) as Omit<UploaderOptions, "store">;
  return createUploader({ store, ...(partSize === undefined ? {} : { partSize }), ...own });
}
