import { describeObjectStore } from "../contracts/object-store.contract.js";
import { memoryStoreUnderTest } from "./memory-store-under-test.js";

describeObjectStore("memory-store", async () => memoryStoreUnderTest());
