/** Objects as an `<img>` on another site's page gets them: unsigned, cacheable, with their headers. */
import { describe, expect, test } from "vitest";
import { md5, partWorld } from "./part-world.js";
import { createClient } from "./signed-client.js";

const origin = "http://page.test";

describe("an image on a page of another site", () => {
  test("is readable and cacheable if its object is public", async () => {
    const { emulator, client } = await partWorld();
    const described = {
      "content-type": "image/png",
      "cache-control": "max-age=60",
      expires: "Fri, 01 Jan 2027 00:00:00 GMT",
      "content-disposition": "inline",
      "content-encoding": "identity",
      "x-oss-meta-a": "1",
    };
    await client.put("open", "bytes", { ...described, "x-oss-object-acl": "public-read" });
    const ask = (method: string, headers = {}) =>
      createClient(emulator).call({ method, key: "open", sign: "none", headers: { origin, ...headers } });

    const replies = [await ask("GET"), await ask("HEAD")];
    const since = await ask("GET", { "if-none-match": replies[0]?.headers.etag });

    for (const { status, headers } of replies) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        ...described,
        "content-length": "5",
        etag: `"${md5(Buffer.from("bytes"))}"`,
        "x-oss-object-type": "Normal",
        "x-oss-storage-class": "Standard",
        "access-control-allow-origin": "*",
      });
      expect([headers["last-modified"], headers.date].every((text) => Date.parse(text ?? "") > 0)).toBe(true);
    }
    expect([since.status, since.headers.etag]).toEqual([304, replies[0]?.headers.etag]);
    expect(since.headers["cache-control"]).not.toBe("no-store");
  });

  test("has no Cache-Control if its object has none", async () => {
    const { client } = await partWorld();
    await client.put("open", "bytes", { "x-oss-object-acl": "public-read" });

    const { headers } = await client.call({ method: "GET", key: "open", sign: "none" });

    expect(headers["content-type"]).toBe("application/octet-stream");
    for (const name of ["cache-control", "expires", "pragma", "vary"]) expect(headers).not.toHaveProperty(name);
  });

  test("is refused with CORS headers if its object is private", async () => {
    const { client } = await partWorld();
    await client.put("p", "bytes");

    const { status, xml, headers } = await client.call({ method: "GET", key: "p", sign: "none", headers: { origin } });

    expect([status, xml?.Code, headers["content-type"]]).toEqual([403, "AccessDenied", "application/xml"]);
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers["access-control-expose-headers"]?.split(", ")).toContain("Date");
    expect(Date.parse(headers.date ?? "")).toBeGreaterThan(0);
  });
});
