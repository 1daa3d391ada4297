/** Connects to a bucket at once: runs the checks of the adapter, but does not load the store as a chunk. */
import type { ObjectStore } from "../../../src/store/object-store.js";
import { ossPlace } from "../../../src/store/oss/addressing.js";
import { ossStore } from "../../../src/store/oss/oss-adapter.js";
import type { OssStoreOptions } from "../../../src/store/oss/oss-options.js";
import { connectOss } from "../../../src/store/oss/oss-store.js";
import type { StoreTools } from "../../../src/store/store-connection.js";

export function ossConnection(options: OssStoreOptions): { readonly connect: (tools: StoreTools) => ObjectStore } {
  ossStore(options);
  return { connect: (tools) => connectOss(options, ossPlace(options), tools) };
}
