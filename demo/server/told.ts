/** What the store tells the application server once an object exists: its callback. */
import type { IncomingMessage } from "node:http";
import { isUploadError, verifyCallback } from "@ossicle/core/server";
import type { Emulator } from "@ossicle/oss-emulator";
import { fetchRequest } from "./fetch-request.js";
import { Refusal } from "./json-body.js";

/**
 * The signature says that the store has sent the call, not that what it says is so: whoever asks for a callback writes its body. So the
 * object is looked up.
 *
 * @returns what the page gets as `result.callback`
 * @throws Refusal for a call that the store did not sign, or that names no object
 */
export async function told(request: IncomingMessage, emulator: Emulator, bucket: string): Promise<object> {
  const { body } = await verifyCallback(fetchRequest(request), { publicKey: emulator.callbackPublicKey }).catch(
    (error: unknown) => {
      if (isUploadError(error)) throw new Refusal(error.status ?? 500, error.message);
      throw error;
    },
  );
  const object = emulator.object(bucket, String(body.object));
  if (object === undefined) throw new Refusal(404, "the callback names no object of the bucket");
  return { stored: object.key, size: object.size };
}
