import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("hashes in JavaScript, and says so, where WebAssembly may not be compiled", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const forbidden = async () => {
    throw new EvalError("Wasm code generation disallowed by embedder");
  };
  vi.stubGlobal("WebAssembly", { ...WebAssembly, compile: forbidden, instantiate: forbidden });
  const { digest } = await import("../src/digest.js");
  const wanted = { md5: true, crc64: true };

  const outcomes = [1, 2].map(() => digest(new Blob(["123456789"]), wanted, new AbortController().signal));

  for (const outcome of await Promise.all(outcomes)) {
    expect(outcome).toMatchObject({ ok: true, value: { crc64: 11051210869376104954n, size: 9 } });
  }
  expect(warn).toHaveBeenCalledTimes(1);
});
