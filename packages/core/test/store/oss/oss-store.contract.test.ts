import { describeObjectStore } from "../../contracts/object-store.contract.js";
import { ossNames } from "../../contracts/store-dialect.js";
import { account, emulatedStore } from "./emulated.js";

describeObjectStore("oss-store over the emulator", ossNames, () => emulatedStore());
describeObjectStore("oss-store that sends small objects by form over the emulator", ossNames, () =>
  emulatedStore({ credentials: account }, { smallFiles: "post" }),
);
describeObjectStore("oss-store with signature version 1 over the emulator", ossNames, () =>
  emulatedStore({ credentials: account, signature: "v1" }),
);
