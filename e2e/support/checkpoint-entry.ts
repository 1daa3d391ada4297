/** The checkpoint store by itself, and what it has to keep: for specs that hold IndexedDB to the contract. */
export { indexedDbCheckpoints } from "../../packages/core/src/checkpoint/idb.js";
export { checkpointStoreContract } from "../../packages/core/test/contracts/checkpoint-store.contract.js";
