/** The script of a worker: exposes the byte worker to the page that started it, and says hello. */
import { expose } from "comlink";
import { createByteWorker } from "./byte-worker.js";
import { contractVersion, type Hello } from "./contract.js";
import { prepareHasher } from "./hashers/hashers.js";

expose(createByteWorker(), self);

// The page waits for this message. A script that cannot be loaded fires only an empty error event, and a wrong script nothing.
const hello: Hello = { ossicle: contractVersion };
self.postMessage(hello);

// Compiles the hasher while the first call is on its way: an upload digests its bytes before it sends them.
prepareHasher();
