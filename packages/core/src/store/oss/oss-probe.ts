/** The probe of an OSS bucket: its requests, and the headers that it should be able to read. */
import type { BucketConnection } from "../bucket/call.js";
import { bucketProbe, type ProbeDialect } from "../bucket/probe.js";
import type { ObjectStore } from "../object-store.js";
import { abortRequest, headRequest, initiateRequest, listPartsRequest, putPartRequest } from "./oss-requests.js";

const asks: ProbeDialect = {
  initiate: (key) => initiateRequest({ key }),
  putPart: (upload, body) => putPartRequest(upload, 1, body, { md5: undefined, crc64: undefined, size: body.size }),
  listParts: (upload) => listPartsRequest(upload, 0, 1),
  head: headRequest,
  abort: abortRequest,
  wantedHeaders: [
    {
      header: "ETag",
      isIn: "stored part",
      loss: "the name of a part has to be worked out or asked for",
      proves: true,
    },
    {
      header: "x-oss-hash-crc64ecma",
      isIn: "stored part",
      loss: "an object is proved by its ETag at best",
      proves: true,
    },
    {
      header: "x-oss-request-id",
      isIn: "every answer",
      loss: "errors cannot name the request that Alibaba Cloud asks for",
    },
    { header: "Date", isIn: "every answer", loss: "a wrong clock of the page is noticed late" },
    { header: "x-oss-err", isIn: "refused HEAD", loss: "why a HEAD was refused stays unknown" },
    { header: "x-oss-ec", isIn: "refused HEAD", loss: "errors lack the code that Alibaba Cloud's help is sorted by" },
  ],
};

export function ossProbe(connection: BucketConnection): ObjectStore["probe"] {
  return bucketProbe(connection, asks);
}
