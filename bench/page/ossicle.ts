/** Us, as an app would use us. */
import { createUploader, ossStore, type UploaderOptions } from "@ossicle/core";
import { account, region } from "./account.js";
import type { Start, Task } from "./contestant.js";

export const start: Start = async (files, task) => {
  const uploader = uploaderFor(task);
  const uploads = files.map((file, index) =>
    uploader.upload(file, { key: files.length === 1 ? task.key : `${task.key}-${index}` }),
  );
  // Not closed: the page is, and a profile wants the workers to be there still.
  return await Promise.all(uploads.map(({ finished }) => finished));
};

function uploaderFor({ oss, bucket, partSize, options }: Task) {
  const store = ossStore({ region, bucket, endpoint: oss, addressing: "path", credentials: account });
  const own = (options ?? {}) as Omit<UploaderOptions, "store">;
  return createUploader({ store, ...(partSize === undefined ? {} : { partSize }), ...own });
}
