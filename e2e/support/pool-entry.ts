/** What the worker specs use of the library's inside, bundled as the library itself is. */
export { isUploadError } from "../../packages/core/src/errors.js";
export { createWorkerPool } from "../../packages/core/src/workers/pool.js";
