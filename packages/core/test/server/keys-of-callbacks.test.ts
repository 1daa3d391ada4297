/** Which keys `verifyCallback` takes: RSA's of a sensible size, and without one of the app's own only those of the host that OSS documents. */
import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { address, calling, forged, key, refusalOf } from "./calling-back.js";

afterEach(() => {
  vi.useRealTimers();
});

describe("a key that cannot be RSA's of that time is refused", () => {
  const spki = (bits: number, exponent: readonly number[]) => {
    const der = (tag: number, content: Uint8Array) => {
      const size = content.length;
      const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
      return Buffer.concat([Buffer.from([tag, ...length]), content]);
    };
    const modulus = Buffer.alloc(bits / 8, 0xff);
    const numbers = [der(2, Buffer.concat([Buffer.from([0]), modulus])), der(2, Buffer.from(exponent))];
    const algorithm = Buffer.from("300d06092a864886f70d0101010500", "hex");
    const bitString = der(3, Buffer.concat([Buffer.from([0]), der(0x30, Buffer.concat(numbers))]));
    return der(0x30, Buffer.concat([algorithm, bitString])).toString("base64");
  };

  test.each([
    ["of 256 bits", spki(256, [3])],
    ["of 8,192 bits", spki(8192, [3])],
    ["of 4,104 bits", spki(4104, [3])],
    ["of so many bits that its text alone is too long", spki(32_768, [3])],
    ["with the exponent 1", spki(1024, [1])],
    ["with an even exponent", spki(1024, [1, 0, 0])],
    ["with an exponent of its own size", spki(1024, new Array<number>(100).fill(0x7f))],
    ["that is a certificate's text", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"],
    ["that is empty", ""],
    [
      "of elliptic curves",
      generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }) as string,
    ],
  ])("%s", async (_, publicKey) => {
    expect(await refusalOf(calling(), { publicKey })).toEqual(["invalid-option", undefined]);
  });
});

describe("without a key of one's own", () => {
  /** A `fetch` that answers with the key, and what it was asked for. */
  function keyServer(answer: () => Response | Promise<Response> = () => new Response(key.publicKey)) {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      asked.push(String(url));
      expect(init?.redirect).toBe("manual");
      return await answer();
    };
    return { fetch, asked };
  }
  const named = (url: string) => calling({ headers: { "x-oss-pub-key-url": Buffer.from(url).toString("base64") } });

  test.each([address, address.replace("https", "http")])("the key of %s is fetched by https, once", async (url) => {
    const { fetch, asked } = keyServer();

    expect(await Promise.all([refusalOf(named(url), { fetch }), refusalOf(named(url), { fetch })])).toEqual([
      "believed",
      "believed",
    ]);
    expect(await refusalOf(named(url), { fetch })).toBe("believed");
    expect(asked).toEqual([address]);
  });

  test.each([
    ["another host", "https://evil.example/callback_pub_key_v1.pem"],
    ["a longer host", "https://gosspublic.alicdn.com.evil.example/k.pem"],
    ["a host that begins otherwise", "https://xgosspublic.alicdn.com/k.pem"],
    ["a user's name", "https://gosspublic.alicdn.com@evil.example/k.pem"],
    ["a user's name before the right host", "https://me@gosspublic.alicdn.com/k.pem"],
    ["a port", "https://gosspublic.alicdn.com:8443/k.pem"],
    ["the usual port", "https://gosspublic.alicdn.com:443/k.pem"],
    ["..", "https://gosspublic.alicdn.com/../k.pem"],
    [".. within", "https://gosspublic.alicdn.com/a/../k.pem"],
    ["an encoded ..", "https://gosspublic.alicdn.com/%2e%2e/k.pem"],
    ["a backslash", "https://gosspublic.alicdn.com\\@evil.example/k.pem"],
    ["a query", "https://gosspublic.alicdn.com/k.pem?to=evil.example"],
    ["a fragment", "https://gosspublic.alicdn.com/k.pem#x"],
    ["another scheme", "file://gosspublic.alicdn.com/k.pem"],
    ["no path", "https://gosspublic.alicdn.com"],
    ["a line break at its end", "https://gosspublic.alicdn.com/k.pem\n"],
    ["a blank before it", " https://gosspublic.alicdn.com/k.pem"],
    ["other capitals", "HTTPS://GOSSPUBLIC.ALICDN.COM/k.pem"],
    ["a long path", `https://gosspublic.alicdn.com/${"a".repeat(300)}`],
    ["nothing", ""],
  ])("a key with %s is not asked for", async (_, url) => {
    const { fetch, asked } = keyServer();

    expect(await refusalOf(named(url), { fetch })).toEqual(forged);
    expect(asked).toEqual([]);
  });

  test.each([0, 63, 513])("no key is asked for a signature of %i bytes, which none can have made", async (size) => {
    const { fetch, asked } = keyServer();
    const authorization = Buffer.alloc(size, 7).toString("base64");

    expect(await refusalOf(calling({ headers: { authorization } }), { fetch })).toEqual(forged);
    expect(asked).toEqual([]);
  });

  test("a call that names no key is refused", async () => {
    const { fetch } = keyServer();

    expect(await refusalOf(calling({ headers: { "x-oss-pub-key-url": undefined } }), { fetch })).toEqual(forged);
    expect(await refusalOf(calling({ headers: { "x-oss-pub-key-url": "%" } }), { fetch })).toEqual(forged);
  });

  test.each<[string, () => Response | Promise<Response>]>([
    ["a redirect", () => Response.redirect("https://evil.example/k.pem")],
    ["an error", () => new Response("no", { status: 404 })],
    ["no key", () => new Response("<html>")],
    ["too much", () => new Response(key.publicKey + " ".repeat(8192))],
    ["no answer", () => Promise.reject(new TypeError("fetch failed"))],
  ])("%s in its place is not believed, and is asked for again", async (_, answer) => {
    const answers = [answer, () => new Response(key.publicKey)];
    const { fetch, asked } = keyServer(() => (answers.shift() ?? answer)());

    expect(await refusalOf(named(address), { fetch })).toEqual(["server", 502]);
    expect(await refusalOf(named(address), { fetch })).toBe("believed");
    expect(asked).toHaveLength(2);
  });

  test("a silent host is given up before OSS gives up the call", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => AbortSignal.abort(new Error("late")));
    const { fetch } = keyServer(() => new Promise(() => undefined));

    expect(await refusalOf(named(address), { fetch })).toEqual(["server", 502]);
    expect(timeout.mock.calls[0]?.[0]).toBeLessThan(5000);
    timeout.mockRestore();
  });

  test("a key is kept for an hour, and not more than eight of them", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { fetch, asked } = keyServer();
    const ask = (name: string) => refusalOf(named(`https://gosspublic.alicdn.com/${name}`), { fetch });

    await ask("k0");
    vi.setSystemTime(Date.now() + 3_599_000);
    await ask("k0");
    expect(asked).toHaveLength(1);
    vi.setSystemTime(Date.now() + 2000);
    await ask("k0");
    expect(asked).toHaveLength(2);
    for (let i = 1; i <= 8; i++) await ask(`k${i}`);
    await ask("k0");
    expect(asked).toHaveLength(11);
  });
});
