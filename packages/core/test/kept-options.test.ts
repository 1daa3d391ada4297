/** What upload() was given stays as it was given, as plain data, whatever the app does with its object. */
import { describe, expect, test } from "vitest";
import { checkUploadOptions } from "../src/check-upload-options.js";
import { checkTarget } from "../src/store/oss/check-target.js";
import { cyclic, expectRefusal, thrownBy } from "./odd-values.js";

describe("what a framework has wrapped in proxies", () => {
  /** As Vue's reactive() and MobX's observable() do: what is read of it is wrapped, too. */
  function reactive<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name, receiver) => {
        const value: unknown = Reflect.get(object, name, receiver);
        return typeof value === "object" && value !== null && !(value instanceof Date) ? reactive(value) : value;
      },
    });
  }

  test("is kept as the plain data that it stands for", () => {
    const expires = new Date(0);
    const plain = {
      key: "a",
      expires,
      metadata: { author: "alice" },
      tags: { project: "p" },
      encryption: { algorithm: "AES256" },
      callback: { url: ["https://app.example/done"], body: "b", variables: { user: "7" } },
      appData: { album: { id: 7, names: ["a", "b"] }, at: expires },
    };

    const kept = checkUploadOptions(reactive(plain), checkTarget);

    expect(kept).toEqual(plain);
    // A proxy could not be.
    expect(() => structuredClone(kept)).not.toThrow();
  });

  test.each<[string, unknown]>([
    ["a Map", new Proxy(new Map([["a", 1]]), {})],
    ["a function", { onDone: () => undefined }],
    ["something that never ends", (() => reactive(cyclic()))()],
  ])("is refused at once where it is %s, which no database can keep", (_what, appData) => {
    expectRefusal(thrownBy(() => checkUploadOptions({ key: "a", appData }, checkTarget)));
  });
});

describe("options are what they were when they were given", () => {
  test("those of upload(), however deep the app changes them later", () => {
    const given = { key: "a", metadata: { author: "alice" }, appData: { list: [1] }, expires: new Date(0) };

    const kept = checkUploadOptions(given, checkTarget);
    given.key = "b";
    given.metadata.author = "bob";
    given.appData.list.push(2);
    given.expires.setTime(1);

    expect(kept).toEqual({ key: "a", metadata: { author: "alice" }, appData: { list: [1] }, expires: new Date(0) });
    expect(Object.isFrozen(kept) && Object.isFrozen(kept.metadata)).toBe(true);
  });
});
