/** The vendor's SDK. */
import OSS from "ali-oss";
import { account, region } from "./account.js";
import type { Start } from "./contestant.js";

const together = 6;

export const start: Start = async (files, { oss, bucket, key, partSize, watched, options }) => {
  // Path style, which it knows only of names. The browser is told whose the second one is.
  const endpoint = oss.replace("127.0.0.1", "localhost").replace(/\d+\.\d+\.\d+\.\d+/, "store.test");
  const client = new OSS({ ...account, bucket, region: `oss-${region}`, endpoint, sldEnable: true });
  const { resumes = false, ...given } = options ?? {};
  const told = { progress: async (fraction: number) => window.bench.tell(fraction) };
  const own = { ...(partSize === undefined ? {} : { partSize }), ...(watched ? told : {}), ...given };
  const jobs = files.map((file, index) => ({ file, name: files.length === 1 ? key : `${key}-${index}` }));
  const lane = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const kept = resumes ? keptCheckpoint(job.file) : {};
      await client.multipartUpload(job.name, job.file, { ...own, ...kept });
    }
  };
  await Promise.all(Array.from({ length: together }, lane));
};

/** To keep the checkpoint over a reload is left to the app. */
function keptCheckpoint(file: File): object {
  const name = `ali-oss ${file.name}`;
  const saved = localStorage.getItem(name);
  return {
    ...(saved === null ? {} : { checkpoint: { ...JSON.parse(saved), file } }),
    progress: async (_: number, checkpoint: object) => {
      localStorage.setItem(name, JSON.stringify({ ...checkpoint, file: undefined }));
    },
  };
}
