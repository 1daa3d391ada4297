/** PostObject: an object from a form, as browsers send it without a preflight. */
import { authorize } from "../auth/authorize.js";
import type { PostPolicy } from "../auth/post-policy.js";
import type { Verifier } from "../auth/verifier.js";
import { accessKeyIdOfForm, type FormFields, verifyForm } from "../auth/verify-form.js";
import { checkLength, incoming, receiveBody } from "../http/body.js";
import type { Answer, Exchange } from "../http/exchange.js";
import { type Form, openForm } from "../http/form-data.js";
import { checkNames } from "../http/target.js";
import { invalidArgument, refusal } from "../oss-error.js";
import { type Bucket, findBucket, type Service } from "../service.js";
import { element, xmlDocument } from "../xml.js";
import { callbackFrom, withCallback } from "./callback.js";
import { storeObject } from "./store-object.js";

const standardFields = ["cache-control", "content-disposition", "content-encoding", "content-language", "expires"];
const ofSignature = /^x-oss-(signature|signature-version|credential|date|security-token|content-type)$/;

/** @throws OssError, or Disconnected if the connection has ended */
export async function postObject(service: Service, verifier: Verifier, exchange: Exchange): Promise<Answer> {
  const bucket = findBucket(service, exchange.target.bucket);
  checkLength(exchange);
  if (exchange.headers["content-md5"] !== undefined) {
    throw refusal("NotImplemented", { message: "The emulator does not know what Content-MD5 means for a form." });
  }
  const pieces = incoming(exchange, service.connections, "form");
  try {
    return await postForm(
      service,
      verifier,
      exchange,
      bucket,
      await openForm(exchange.headers["content-type"], pieces),
    );
  } finally {
    // The rest of a refused form is read before the answer is sent.
    await pieces.return(undefined);
  }
}

async function postForm(
  service: Service,
  verifier: Verifier,
  exchange: Exchange,
  bucket: Bucket,
  form: Form,
): Promise<Answer> {
  const { fields } = form;
  const key = keyOf(form);
  exchange.entry.key = key;
  exchange.entry.isSigned = fields.has("x-oss-signature");
  exchange.touch();
  exchange.beforeVerify(accessKeyIdOfForm(fields));
  const verified = verifyForm(fields, bucket.name, verifier);
  const target = { ...exchange.target, key };
  checkNames(target);
  authorize(verified?.principal, "PostObject", target, bucket);
  if (fields.get("success_action_redirect")) {
    throw refusal("NotImplemented", { message: "The emulator does not implement success_action_redirect." });
  }
  const variables = Object.fromEntries([...fields].filter(([name]) => name.startsWith("x:")));
  const callback = callbackFrom(fields.get("callback") || undefined, variables);
  const object = await storeObject(service, bucket, key, headersOf(form), () =>
    receiveBody(
      exchange,
      service.connections,
      bucket.store.bodies,
      bucket.digests,
      sized(exchange, form, verified?.policy),
    ),
  );
  const { "x-oss-hash-crc64ecma": crc64, ...others } = object.headers;
  const crcHeader = crc64 === undefined || !service.postObjectCrc ? {} : { "x-oss-hash-crc64ecma": crc64 };
  const answer = answerOf(fields, bucket.name, key, { ...others, ...crcHeader });
  return callback === undefined
    ? answer
    : withCallback(service, answer, callback, exchange, bucket.name, object.stored);
}

/** The service puts the file's name into the key after it has checked the policy. `checkPolicy` sees the field as it was sent. */
function keyOf({ fields, fileName }: Form): string {
  const key = fields.get("key");
  if (!key) throw invalidArgument("key", "", "Missing form field key.");
  return key.replace(/\$\{filename\}/g, () => fileName.replace(/^.*[/\\]/, ""));
}

/** The headers of a PutObject of the same object. */
function headersOf({ fields, fileType }: Form): Record<string, string> {
  const type = fields.get("x-oss-content-type") || fileType || fields.get("content-type");
  const others = [...fields].filter(
    ([name, value]) =>
      value !== "" && (standardFields.includes(name) || (name.startsWith("x-oss-") && !ofSignature.test(name))),
  );
  const said = type ? [["content-type", type] as const, ...others] : others;
  return Object.fromEntries(
    said.map(([name, value]) => {
      // Headers are Latin-1 here, one char per byte.
      const bytes = Buffer.from(value).toString("latin1");
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(bytes)) throw invalidArgument(name, value);
      return [name, bytes];
    }),
  );
}

/** Lets faults act on the file's bytes, and holds them to the sizes that the policy allows. */
async function* sized(exchange: Exchange, { file }: Form, policy: PostPolicy | undefined): AsyncGenerator<Buffer> {
  const sizes = policy?.sizes ?? [];
  const max = Math.min(...sizes.map((range) => range.max));
  const min = Math.max(...sizes.map((range) => range.min));
  let size = 0;
  for await (const piece of file) {
    const bytes = exchange.bodyPlan.transform?.(piece, size) ?? piece;
    size += bytes.length;
    if (size > max) throw refusal("EntityTooLarge");
    yield bytes;
  }
  if (size < min) throw refusal("EntityTooSmall");
}

function answerOf(fields: FormFields, bucket: string, key: string, headers: Record<string, string>): Answer {
  switch (fields.get("success_action_status")) {
    case "200":
      return { status: 200, headers };
    case "201": {
      const body = xmlDocument("PostResponse", [
        element("Bucket", bucket),
        element("ETag", headers.ETag ?? ""),
        element("Key", key),
      ]);
      return { status: 201, headers: { ...headers, "Content-Type": "application/xml" }, body };
    }
    default:
      return { status: 204, headers };
  }
}
