/** Option names that people bring along: from ali-oss, tus, Uppy and the AWS SDK, and from our other functions. Pure. */
import { invalid } from "./invalid-option.js";

/** What it is here, and the names that others have for it, or that stand in the wrong function. */
const elsewhere = {
  contentType: "mime",
  metadata: "meta",
  "cacheControl, tags, …": "headers",
  "callback.sni": "callbackSNI",
  "callback.variables": "customValue",
  "upload.subscribe()": "progress onProgress",
  "upload.finished": "onSuccess onError",
  "kept by itself": "checkpoint",
  "concurrency of createUploader()": "concurrency parallel parallelUploads",
  "partSize of createUploader()": "partSize chunkSize",
  "retry of createUploader()": "retry retryDelays retryMax timeout",
  "integrity of createUploader()": "integrity",
  "credentials of ossStore()": "credentials accessKeyId accessKeySecret stsToken refreshSTSToken",
  "endpoint of ossStore()": "endpoint internal secure",
  "addressing of ossStore()": "addressing cname sldEnable",
  "signature of ossStore()": "signature authorizationV4",
  "an option of ossStore()": "region bucket signer",
  "an option of upload()": "key contentType tags acl storageClass callback ifExists appData priority",
};

/**
 * Other names that nobody knows are let through: apps pass objects of their own that hold more.
 *
 * @param given names that are no options of it
 * @param own names that are, of which another spelling (`ContentType`, `content-type`) is refused too
 * @throws UploadError "invalid-option" that says what it is called here
 */
export function refuseForeignNames(of: string, given: object, own: readonly string[] = []): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || own.includes(name)) continue;
    const [here = own.find((each) => plain(each) === plain(name))] =
      Object.entries(elsewhere).find(([, names]) => names.split(" ").includes(name)) ?? [];
    if (here !== undefined) throw invalid(`${of} has no option ${JSON.stringify(name)}`, `Here it is ${here}.`);
  }
}

function plain(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}
