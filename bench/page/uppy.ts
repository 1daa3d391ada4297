/** Uppy with its S3 plugin, signing in the page. */
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { account, region } from "./account.js";
import type { Start } from "./contestant.js";

export const start: Start = async (files, { others, bucket, key, partSize, watched }) => {
  const uppy = new Uppy();
  uppy.use(AwsS3, {
    s3Endpoint: `${others}/s3/${bucket}`,
    region,
    getCredentials: async () => ({
      credentials: { accessKeyId: account.accessKeyId, secretAccessKey: account.accessKeySecret },
      bucket,
      region,
    }),
    generateObjectKey: () => key,
    ...(partSize === undefined ? {} : { getChunkSize: () => partSize }),
  });
  if (watched) {
    uppy.on("upload-progress", (_, { bytesUploaded, bytesTotal }) =>
      window.bench.tell(bytesUploaded / (bytesTotal ?? 0)),
    );
  }
  for (const file of files) uppy.addFile({ name: file.name, type: "application/octet-stream", data: file });
  const result = await uppy.upload();
  if (result?.failed?.length !== 0) throw new Error(`uppy: ${String(result?.failed?.[0]?.error)}`);
  uppy.destroy();
};
