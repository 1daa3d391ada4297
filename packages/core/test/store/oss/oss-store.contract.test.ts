import { describeObjectStore } from "../../contracts/object-store.contract.js";
import { account, emulatedStore } from "./emulated.js";

describeObjectStore("oss-store over the emulator", emulatedStore);
describeObjectStore("oss-store with signature version 1 over the emulator", () =>
  emulatedStore({ credentials: account, signature: "v1" }),
);
