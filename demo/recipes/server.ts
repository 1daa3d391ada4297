/** All that a server has to do: decide who may write where, and sign. Runs wherever there are Request and Response. */
import { createSignHandler } from "@ossicle/core/server";

export const POST = createSignHandler({
  region: "cn-hangzhou",
  bucket: "user-files",
  credentials: { accessKeyId: process.env.OSS_KEY_ID ?? "", accessKeySecret: process.env.OSS_KEY_SECRET ?? "" },
  // The size that no object may exceed, in bytes.
  maxBytes: 5 * 2 ** 30,
  // Put your own rule here: the first argument is the request, whose cookies or headers say who is asking.
  authorize: (_request, wanted) => wanted.every(({ key }) => key.startsWith("uploads/")),
});
