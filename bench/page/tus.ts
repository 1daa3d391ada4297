/** tus-js-client. Its own choice is one request with the whole file. */
import { Upload } from "tus-js-client";
import type { Start } from "./contestant.js";

export const start: Start = async (files, { others, partSize, watched, options }) => {
  const { resumes = false, ...own } = options ?? {};
  await Promise.all(
    files.map(
      (file) =>
        new Promise<void>((resolve, reject) => {
          const upload = new Upload(file, {
            endpoint: `${others}/tus/`,
            ...(partSize === undefined ? {} : { chunkSize: partSize }),
            ...own,
            ...(watched ? { onProgress: (sent: number, total: number) => window.bench.tell(sent / total) } : {}),
            onSuccess: () => resolve(),
            onError: reject,
          });
          const begin = async () => {
            const [previous] = resumes ? await upload.findPreviousUploads() : [];
            if (previous !== undefined) upload.resumeFromPreviousUpload(previous);
            upload.start();
          };
          begin().catch(reject);
        }),
    ),
  );
};
