/** What every `ObjectStore` promises the uploader, run against each implementation and layer. Law: a layer is a store that wraps a store. */
import { describe } from "vitest";
import { StoreBench, type StoreUnderTest } from "./store-bench.js";
import type { StoreDialect } from "./store-dialect.js";
import { describeObjects } from "./store-objects.contract.js";
import { describeParts } from "./store-parts.contract.js";
import { describeProbe } from "./store-probe.contract.js";
import { describeProofs } from "./store-proofs.contract.js";
import { describeUploads } from "./store-uploads.contract.js";

export { digestOf, failure, type StoreUnderTest } from "./store-bench.js";

export function describeObjectStore(name: string, dialect: StoreDialect, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    const at = StoreBench.forEachTest(dialect, make);

    describeObjects(at);
    describeUploads(at);
    describeParts(at);
    describeProofs(at);
    describeProbe(at);
  });
}
