/** Expired signatures, and malformed ones. */
import { describe, expect, test } from "vitest";
import { createClient, fromToken, type Reply } from "./signed-client.js";
import { minute, put, tampered } from "./tampering.js";
import { emulatorWith } from "./world.js";

describe("the clock", () => {
  const now = Date.parse("2026-05-05T12:00:00Z");

  test.each(["v4", "v1"] as const)(
    "a header signature (%s) may be 15 minutes off, either way, and no more",
    async (sign) => {
      const emulator = await emulatorWith({ now: () => now });
      const client = createClient(emulator);
      const at = (time: number) => client.call({ ...put, sign, time });

      const fine = await Promise.all([at(now - 15 * minute), at(now + 15 * minute)]);
      const late = await at(now - 15 * minute - 1000);
      const early = await at(now + 15 * minute + 1000);

      expect(fine.map(({ status }) => status)).toEqual([200, 200]);
      expect([late.status, early.status]).toEqual([403, 403]);
      expect(late.xml).toMatchObject({
        Code: "RequestTimeTooSkewed",
        EC: "0002-00000504",
        MaxAllowedSkewMilliseconds: "900000",
        RequestTime: "2026-05-05T11:44:59.000Z",
        ServerTime: "2026-05-05T12:00:00.000Z",
      });
    },
  );

  test("a V4 scope of another year is refused without the server's time", async () => {
    const emulator = await emulatorWith({ now: () => now });

    const { status, xml } = await createClient(emulator).call({ ...put, time: Date.parse("2001-01-01T00:00:00Z") });

    expect([status, xml?.Code, xml?.EC]).toEqual([400, "InvalidArgument", "0002-00000212"]);
    expect(xml?.Message).toBe("Invalid signing date in Authorization header.");
    expect(xml).not.toHaveProperty("ServerTime");
  });

  test("skewing it changes the Date header and the accepted times, but expires no token", async () => {
    const emulator = await emulatorWith({ now: () => now });
    const token = emulator.issueToken({ expiresInMs: minute });
    const client = createClient(emulator, fromToken(token));
    emulator.skewClock(60 * minute);

    const wrong = await client.call({ ...put, time: now });
    const right = await client.call({ ...put, time: now + 60 * minute });

    expect([wrong.xml?.Code, wrong.xml?.ServerTime]).toEqual(["RequestTimeTooSkewed", "2026-05-05T13:00:00.000Z"]);
    expect(wrong.headers.date).toBe("Tue, 05 May 2026 13:00:00 GMT");
    expect(right.status).toBe(200);
  });

  test("a V4 URL is valid from 15 minutes before its date to its expiry", async () => {
    let time = now;
    const emulator = await emulatorWith({ now: () => time });
    const client = createClient(emulator);
    const at = (server: number) => {
      time = server;
      return client.call({ ...put, sign: "v4-url", time: now, expires: 600 });
    };

    const early = await at(now - 15 * minute - 1000);
    const first = await at(now - 15 * minute);
    const last = await at(now + 10 * minute);
    const late = await at(now + 10 * minute + 1000);

    expect([early.xml?.Code, early.xml?.EC]).toEqual(["AccessDenied", "0002-00000235"]);
    expect([first.status, last.status]).toEqual([200, 200]);
    expect(late.xml).toMatchObject({
      Code: "AccessDenied",
      Message: "Request has expired.",
      Expires: "2026-05-05T12:10:00.000Z",
      ServerTime: "2026-05-05T12:10:01.000Z",
    });
  });

  test("a V4 URL signed six days ago for seven still works", async () => {
    const emulator = await emulatorWith({ now: () => now });

    const reply = await createClient(emulator).call({
      ...put,
      sign: "v4-url",
      time: now - 6 * 24 * 60 * minute,
      expires: 604_800,
    });

    expect(reply.status).toBe(200);
  });

  test("a V1 URL expires at its Expires", async () => {
    const emulator = await emulatorWith({ now: () => now });
    const client = createClient(emulator);

    const last = await client.call({ ...put, sign: "v1-url", time: now - 60_000, expires: 60 });
    const late = await client.call({ ...put, sign: "v1-url", time: now - 61_000, expires: 60 });

    expect([last.status, late.status]).toEqual([200, 403]);
    expect(late.xml).toMatchObject({ Code: "AccessDenied", Message: "Request has expired." });
  });
});

describe("a length that was signed", () => {
  const stated = { ...put, headers: { "content-length": "1" }, additional: ["content-length"] };

  test.each(["v4", "v4-url"] as const)("(%s) refuses a longer or shorter body", async (sign) => {
    const emulator = await emulatorWith();
    const sent = async (headers: Record<string, string>, body: string) => {
      const reply = await tampered(emulator, { ...stated, sign, body }, (request) => {
        Reflect.deleteProperty(request.headers, "content-length");
        Object.assign(request.headers, headers);
      });
      return [reply.status, reply.xml?.Code];
    };

    expect(await sent({ "content-length": "1" }, "x")).toEqual([200, undefined]);
    expect(await sent({ "content-length": "2" }, "xy")).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await sent({ "content-length": "0" }, "")).toEqual([403, "SignatureDoesNotMatch"]);
    expect(emulator.object("demo", put.key ?? "")?.size).toBe(1);
  });

  test("must stay in the signature's list of names", async () => {
    const emulator = await emulatorWith();

    const { status } = await tampered(emulator, { ...stated, sign: "v4-url", body: "xy" }, (request) => {
      request.path = request.path.replace(/x-oss-additional-headers=[^&]*&?/, "");
    });

    expect(status).toBe(403);
    expect(emulator.object("demo", put.key ?? "")).toBeUndefined();
  });
});

describe("malformed signatures", () => {
  const header = async (change: (headers: Record<string, string>) => void): Promise<Reply> => {
    const emulator = await emulatorWith();
    return tampered(emulator, put, ({ headers }) => change(headers));
  };
  const url = async (from: RegExp, to: string): Promise<Reply> => {
    const emulator = await emulatorWith();
    return tampered(emulator, { ...put, sign: "v4-url" }, (request) => {
      request.path = request.path.replace(from, to);
    });
  };

  test("no date", async () => {
    const { status, xml } = await header((headers) => Reflect.deleteProperty(headers, "x-oss-date"));

    expect([status, xml?.EC]).toEqual([403, "0002-00000503"]);
  });

  test("a malformed date", async () => {
    const { status, xml } = await header((headers) => Object.assign(headers, { "x-oss-date": "yesterday" }));

    expect([status, xml?.EC]).toEqual([403, "0002-00000505"]);
  });

  test("a hashed payload, which the service does not know", async () => {
    const { status, xml } = await header((headers) => Object.assign(headers, { "x-oss-content-sha256": "e3b0c442" }));

    expect([status, xml?.ArgumentName]).toEqual([400, "x-oss-content-sha256"]);
  });

  test.each([
    ["region", "cn-hangzhou", "cn-beijing"],
    ["product", "/oss/", "/s3/"],
  ])("a scope of another %s", async (word, from, to) => {
    const { status, xml } = await header((headers) => {
      headers.authorization = headers.authorization?.replace(from, to) ?? "";
    });

    expect([status, xml?.Message]).toEqual([400, `Invalid signing ${word} in Authorization header.`]);
  });

  test.each(["OSS4-HMAC-SHA256 nonsense", "OSS nonsense", "AWS4-HMAC-SHA256 Credential=a", ""])(
    "the Authorization header %j",
    async (authorization) => {
      const { status, xml } = await header((headers) => Object.assign(headers, { authorization }));

      expect([status, xml?.Code]).toEqual([400, "InvalidArgument"]);
    },
  );

  test("the fields of the Authorization header may stand in any order, with spaces between", async () => {
    const reply = await header((headers) => {
      const [credential, signature] = headers.authorization?.replace("OSS4-HMAC-SHA256 ", "").split(",") ?? [];
      headers.authorization = `OSS4-HMAC-SHA256 ${signature}, ${credential}`;
    });

    expect(reply.status).toBe(200);
  });

  test("both a URL and a header signature", async () => {
    const emulator = await emulatorWith();

    const { status, xml } = await tampered(emulator, { ...put, sign: "v4-url" }, ({ headers }) => {
      headers.authorization = "OSS a:b";
    });

    expect([status, xml?.Code]).toEqual([400, "InvalidArgument"]);
  });

  test.each([
    ["no x-oss-expires", /&x-oss-expires=\d+/, "", "0002-00000215"],
    ["empty additional headers", /$/, "&x-oss-additional-headers=", "0002-00000076"],
    ["a scope date that is not its date's", /%2F\d{8}%2F/, "%2F20200101%2F", "0002-00000223"],
  ])("a V4 URL with %s", async (_, from, to, ec) => {
    const { status, xml } = await url(from, to);

    expect([status, xml?.Code, xml?.EC]).toEqual([400, "InvalidArgument", ec]);
  });

  test.each(["0", "604801", "1.5"])("a V4 URL with an expiry of %s seconds", async (seconds) => {
    const { status, xml } = await url(/x-oss-expires=\d+/, `x-oss-expires=${seconds}`);

    expect([status, xml?.ArgumentName]).toEqual([400, "x-oss-expires"]);
  });

  test("a V1 URL without its Expires", async () => {
    const emulator = await emulatorWith();

    const { status, xml } = await tampered(emulator, { ...put, sign: "v1-url" }, (request) => {
      request.path = request.path.replace(/&?Expires=\d+/, "");
    });

    expect([status, xml?.Code]).toEqual([403, "AccessDenied"]);
  });
});
