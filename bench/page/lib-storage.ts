/** The AWS SDK's multipart upload. */
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { account, region } from "./account.js";
import type { Start } from "./contestant.js";

export const start: Start = async (files, { others, bucket, key, partSize, options }) => {
  const { client: clientOptions = {}, ...own } = (options ?? {}) as { client?: object };
  const client = new S3Client({
    region,
    endpoint: `${others}/s3`,
    forcePathStyle: true,
    credentials: { accessKeyId: account.accessKeyId, secretAccessKey: account.accessKeySecret },
    ...clientOptions,
  });
  for (const file of files) {
    const params = { Bucket: bucket, Key: key, Body: file };
    await new Upload({ client, params, ...(partSize === undefined ? {} : { partSize }), ...own }).done();
  }
};
