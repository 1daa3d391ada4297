/** Stores an object from one request, PutObject or PostObject. */
import type { ReceivedBody } from "../http/body.js";
import type { Bucket, Service } from "../service.js";
import type { StoredObject } from "../storage/records.js";
import { digestHeaders, forbidsOverwrite, objectTraits } from "./object-traits.js";
import { checkOverwrite } from "./upload-operations.js";

/**
 * @param headers what the client says about the object: names in lower case, values Latin-1
 * @param receive reads the body; called when the headers have been checked
 * @returns the object, and the headers of the answer
 * @throws OssError
 */
export async function storeObject(
  service: Service,
  bucket: Bucket,
  key: string,
  headers: Readonly<Record<string, string>>,
  receive: () => Promise<ReceivedBody>,
): Promise<{ stored: StoredObject; headers: Record<string, string> }> {
  const { store } = bucket;
  const traits = objectTraits(headers);
  const isForbidden = forbidsOverwrite(headers);
  checkOverwrite(bucket, key, isForbidden);
  const body = await receive();
  const stored: StoredObject = {
    ...traits,
    key,
    size: body.size,
    etag: body.etag,
    ...(body.crc64 === undefined ? {} : { crc64: body.crc64 }),
    ...(body.md5 === undefined ? {} : { md5: body.md5 }),
    type: "Normal",
    lastModified: service.now(),
    bodies: [{ id: body.id, size: body.size }],
  };
  await store.alone("object", key, async () => {
    try {
      // Checked again, because another request may have stored the object while this body was on its way.
      checkOverwrite(bucket, key, isForbidden);
      await store.putObject(stored);
    } catch (error) {
      store.bodies.remove(stored.bodies);
      throw error;
    }
  });
  return { stored, headers: { ...digestHeaders(stored), ...stored.encryption } };
}
