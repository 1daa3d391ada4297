/** The worker's own code behind the page's own pool, on one thread and without copies: a Blob keeps what a test made of it. */

import { contractVersion } from "@ossicle/worker/contract";
import { expose } from "comlink";
import { createByteWorker } from "../../../worker/src/byte-worker.js";

type ByteWorkerTools = Parameters<typeof createByteWorker>[0];

export function localWorker(tools?: ByteWorkerTools): Worker {
  const [page, inside] = [new End(), new End()];
  page.other = inside;
  inside.other = page;
  expose(createByteWorker(tools), inside as never);
  inside.postMessage({ ossicle: contractVersion });
  return page as unknown as Worker;
}

class End extends EventTarget {
  other: EventTarget | undefined;

  postMessage(data: unknown): void {
    setImmediate(() => this.other?.dispatchEvent(new MessageEvent("message", { data })));
  }

  terminate(): void {
    this.other = undefined;
  }
}
