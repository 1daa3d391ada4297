/** CORS: what a page of another origin may do by the bucket's rules. */
import { describe, expect, test } from "vitest";
import { type CorsRule, defaultCorsRules } from "../src/index.js";
import { createClient, send } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const origin = "https://app.example.test";

async function preflight(cors: readonly CorsRule[] | undefined, headers: Record<string, string>) {
  const emulator = await emulatorWith(cors === undefined ? {} : { buckets: [{ name: "demo", cors }] });
  return send(emulator.port, { method: "OPTIONS", path: "/demo/k?partNumber=1&uploadId=U", headers });
}

const asksForPut = {
  origin,
  "access-control-request-method": "PUT",
  "access-control-request-headers": "authorization,content-md5,x-oss-date",
};

describe("a preflight", () => {
  test("is answered without a signature, with what the default rule allows", async () => {
    const { status, headers, body } = await preflight(undefined, asksForPut);

    expect([status, body.length, headers["content-length"]]).toEqual([200, 0, "0"]);
    expect(headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "PUT, POST, GET, DELETE, HEAD",
      "access-control-allow-headers": "authorization, content-md5, x-oss-date",
      "access-control-max-age": "600",
    });
    expect(headers["access-control-expose-headers"]?.split(", ")).toEqual(defaultCorsRules[0]?.exposeHeaders);
  });

  test.each([
    ["another origin", { allowedOrigins: ["https://other.test"], allowedMethods: ["PUT"], allowedHeaders: ["*"] }],
    ["another method", { allowedOrigins: ["*"], allowedMethods: ["GET"], allowedHeaders: ["*"] }],
    ["too few headers", { allowedOrigins: ["*"], allowedMethods: ["PUT"], allowedHeaders: ["content-md5"] }],
    ["no headers", { allowedOrigins: ["*"], allowedMethods: ["PUT"] }],
  ])("is refused where the rule is for %s", async (_, rule) => {
    const { status, headers, xml } = await preflight([rule], asksForPut);

    expect([status, xml?.Code]).toEqual([403, "AccessForbidden"]);
    expect(xml?.Message).toContain("CORSResponse: This CORS request is not allowed.");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("is answered by the first rule that allows all of it, with wildcards and without regard to case", async () => {
    const rules = [
      { allowedOrigins: ["https://*.example.test"], allowedMethods: ["GET"], maxAgeSeconds: 1 },
      {
        allowedOrigins: ["HTTPS://*.EXAMPLE.test"],
        allowedMethods: ["PUT"],
        allowedHeaders: ["X-OSS-*", "content-md5", "authorization"],
        maxAgeSeconds: 2,
      },
      { allowedOrigins: ["*"], allowedMethods: ["PUT"], allowedHeaders: ["*"], maxAgeSeconds: 3 },
    ];

    const { headers } = await preflight(rules, asksForPut);

    expect(headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-max-age": "2",
      vary: "Origin",
    });
  });

  test.each([
    ["Origin", { "access-control-request-method": "PUT" }, "Insufficient information. Origin request header needed."],
    ["method", { origin }, "Insufficient information. Request Access-Control-Request-Method header needed."],
  ])("without an %s is a bad request", async (_, headers, message) => {
    const { status, xml } = await preflight(undefined, headers);

    expect([status, xml?.Code, xml?.Message]).toEqual([400, "BadRequest", message]);
  });

  test("of a bucket that does not exist is refused without CORS headers", async () => {
    const emulator = await emulatorWith();

    const { status, headers } = await send(emulator.port, {
      method: "OPTIONS",
      path: "/nowhere/k",
      headers: asksForPut,
    });

    expect(status).toBe(404);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("a real request", () => {
  test("is served without CORS headers where no rule fits", async () => {
    const emulator = await emulatorWith({ buckets: [{ name: "demo", cors: [] }] });

    const { status, headers } = await createClient(emulator).put("k", "x", { origin });

    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("exposes the headers of the rule and no others, also if it is refused", async () => {
    const emulator = await emulatorWith();
    emulator.setCors("demo", [
      { allowedOrigins: ["*"], allowedMethods: ["GET", "PUT"], exposeHeaders: ["x-oss-request-id"] },
    ]);
    const client = createClient(emulator);

    const replies = [await client.put("k", "x", { origin }), await client.get("missing", { origin })];

    expect(replies.map(({ status, headers }) => [status, headers["access-control-expose-headers"]])).toEqual([
      [200, "x-oss-request-id"],
      [404, "x-oss-request-id"],
    ]);
  });

  test("without an Origin gets no CORS headers", async () => {
    const emulator = await emulatorWith();

    const { headers } = await createClient(emulator).put("k", "x");

    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

test.each([
  ["no origins", [{ allowedOrigins: [], allowedMethods: ["GET"] }]],
  ["two stars in one entry", [{ allowedOrigins: ["https://*.*"], allowedMethods: ["GET"] }]],
  ["a star among the exposed", [{ allowedOrigins: ["*"], allowedMethods: ["GET"], exposeHeaders: ["*"] }]],
  ["eleven rules", Array(11).fill({ allowedOrigins: ["*"], allowedMethods: ["GET"] })],
] as [string, CorsRule[]][])("rules with %s are not accepted", async (_, rules) => {
  const emulator = await emulatorWith();

  expect(() => emulator.setCors("demo", rules)).toThrow(TypeError);
});
