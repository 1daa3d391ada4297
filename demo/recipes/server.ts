/** All that a server has to do: say who may write where, and sign. Runs on whatever speaks Request and Response. */
import { createSignHandler } from "@ossicle/core/server";

export const POST = createSignHandler({
  region: "cn-hangzhou",
  bucket: "user-files",
  credentials: { accessKeyId: process.env.OSS_KEY_ID ?? "", accessKeySecret: process.env.OSS_KEY_SECRET ?? "" },
  // The largest object that anybody may make, in bytes.
  maxBytes: 5 * 2 ** 30,
  // Your own rule goes here: who is asking is in the cookies or headers of the first argument.
  authorize: (_request, wanted) => wanted.every(({ key }) => key.startsWith("uploads/")),
});
