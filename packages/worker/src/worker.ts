/** The worker's entry: exposes the hands to the page that started it, and says so. */
import { expose } from "comlink";
import { createByteWorker } from "./byte-worker.js";
import { contractVersion, type Hello } from "./contract.js";
import { prepareHasher } from "./hashers/hashers.js";

expose(createByteWorker(), self);

// A script that cannot be loaded shows only as an empty error event, and one that is not this one not at all.
const hello: Hello = { ossicle: contractVersion };
self.postMessage(hello);

// While the first call is on its way: there is none that comes before a digest.
prepareHasher();
