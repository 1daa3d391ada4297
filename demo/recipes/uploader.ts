/** One uploader for the whole app. Its server signs every request (server.ts), so no key ever reaches the page. */
import { createUploader, ossStore, signAt } from "@ossicle/core";

export const uploader = createUploader({
  store: ossStore({ region: "cn-hangzhou", bucket: "user-files", signer: signAt("/api/sign") }),
});
