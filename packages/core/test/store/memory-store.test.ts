import { describeObjectStore } from "../contracts/object-store.contract.js";
import { ossNames } from "../contracts/store-dialect.js";
import { memoryStoreUnderTest } from "./memory-store-under-test.js";

describeObjectStore("memory-store", ossNames, async () => memoryStoreUnderTest());
