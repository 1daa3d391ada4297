import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

const wanted = { md5: true, crc64: true };
const limits = { signal: new AbortController().signal, silenceMs: 30_000 };
const name = () => new Blob(["123456789"]);

it("hashes in JavaScript, and warns once on the console, where a policy forbids WebAssembly", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const forbidden = async () => {
    throw new EvalError("Wasm code generation disallowed by embedder");
  };
  vi.stubGlobal("WebAssembly", { ...WebAssembly, compile: forbidden, instantiate: forbidden });
  const { digest } = await import("../src/digest.js");

  const outcomes = [1, 2].map(() => digest(name(), wanted, limits));

  for (const outcome of await Promise.all(outcomes)) {
    expect(outcome).toMatchObject({ ok: true, value: { crc64: 11051210869376104954n, size: 9 } });
  }
  expect(warn).toHaveBeenCalledTimes(1);
});

it("digests four Blobs one after the other, without a warning, where WebAssembly has no vectors", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const { compile: real, CompileError, Instance } = WebAssembly;
  const compiled: number[] = [];
  const compile = async (bytes: Uint8Array<ArrayBuffer>) => {
    compiled.push(bytes.length);
    if (compiled.length > 1) throw new CompileError("invalid value type 0x7b");
    return await real(bytes);
  };
  vi.stubGlobal("WebAssembly", { Instance, compile });
  const { digestFour } = await import("../src/digest.js");

  const outcomes = [];
  for (let times = 0; times < 2; times++)
    outcomes.push(await digestFour([name(), name(), name(), name()], wanted, limits));

  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ ok: true, value: Array(4).fill({ crc64: 11051210869376104954n, size: 9 }) });
  }
  expect(compiled).toHaveLength(2);
  expect(warn).not.toHaveBeenCalled();
});
