import { describe, expect, test } from "vitest";
import { ossPlace } from "./addressing.js";
import type { PlaceOptions } from "./oss-options.js";

const at = (options: Partial<PlaceOptions> = {}) =>
  ossPlace({ region: "cn-hangzhou", bucket: "user-files", ...options });

describe("the URL of an object", () => {
  test.each<[string, Partial<PlaceOptions>, string]>([
    ["at the region's public endpoint", {}, "https://user-files.oss-cn-hangzhou.aliyuncs.com/a"],
    [
      "inside the cloud",
      { endpoint: "oss-cn-hangzhou-internal.aliyuncs.com" },
      "https://user-files.oss-cn-hangzhou-internal.aliyuncs.com/a",
    ],
    [
      "accelerated",
      { endpoint: "https://oss-accelerate.aliyuncs.com" },
      "https://user-files.oss-accelerate.aliyuncs.com/a",
    ],
    [
      "accelerated overseas",
      { endpoint: "https://oss-accelerate-overseas.aliyuncs.com" },
      "https://user-files.oss-accelerate-overseas.aliyuncs.com/a",
    ],
    [
      "over IPv4 and IPv6",
      { endpoint: "cn-hangzhou.oss.aliyuncs.com" },
      "https://user-files.cn-hangzhou.oss.aliyuncs.com/a",
    ],
    [
      "at a custom domain",
      { endpoint: "https://files.example.com", addressing: "cname" },
      "https://files.example.com/a",
    ],
    [
      "in path style",
      { endpoint: "http://storage.internal:8080", addressing: "path" },
      "http://storage.internal:8080/user-files/a",
    ],
    ["at an IP address", { endpoint: "http://127.0.0.1:9000" }, "http://127.0.0.1:9000/user-files/a"],
    ["at an IPv6 address", { endpoint: "http://[::1]:9000" }, "http://[::1]:9000/user-files/a"],
    ["on this machine", { endpoint: "http://localhost:9000" }, "http://localhost:9000/user-files/a"],
    [
      "on this machine with the bucket in front",
      { endpoint: "http://localhost:9000", addressing: "virtual-hosted" },
      "http://user-files.localhost:9000/a",
    ],
    [
      "without a scheme, with a port",
      { endpoint: "oss.example.com:8443" },
      "https://user-files.oss.example.com:8443/a",
    ],
    [
      "without encryption",
      { endpoint: "http://oss-cn-hangzhou.aliyuncs.com" },
      "http://user-files.oss-cn-hangzhou.aliyuncs.com/a",
    ],
    [
      "with a slash at the end of the endpoint",
      { endpoint: "https://oss-cn-hangzhou.aliyuncs.com/" },
      "https://user-files.oss-cn-hangzhou.aliyuncs.com/a",
    ],
  ])("%s is as the service has it", (_, options, url) => {
    expect(at(options).urlOf("a", {})).toBe(url);
  });

  test("encodes every byte of the key but the unreserved and the slashes", () => {
    const key = "目录/a b+c!'()*~-._?#%.bin";

    expect(at().urlOf(key, {})).toBe(
      "https://user-files.oss-cn-hangzhou.aliyuncs.com/" +
        "%E7%9B%AE%E5%BD%95/a%20b%2Bc%21%27%28%29%2A~-._%3F%23%25.bin",
    );
  });

  test("survives the URL parser of a browser unchanged", () => {
    const url = at().urlOf("目录/a b+c!'()*~-._?#%\\//x.bin", { uploadId: "A+/=", uploads: "" });

    expect(new URL(url).href).toBe(url);
  });

  test("ends in the query as it is signed", () => {
    const url = at().urlOf("a", { uploadId: "0004B9+/=", partNumber: "7", "encoding-type": "url", uploads: "" });

    expect(url.split("?")[1]).toBe("encoding-type=url&partNumber=7&uploadId=0004B9%2B%2F%3D&uploads");
  });
});

describe("the place", () => {
  test("is named the same however it is addressed", () => {
    const endpoint = "http://localhost:9000";

    expect(at({ endpoint }).location).toBe("oss:http://localhost:9000/user-files");
    expect(at({ endpoint, addressing: "virtual-hosted" }).location).toBe("oss:http://localhost:9000/user-files");
  });

  test.each(["oss-cn-hangzhou", "cn-hangzhou", "CN-Hangzhou", " cn-hangzhou\n", "OSS-cn-hangzhou"])(
    "takes the region %j",
    (region) => {
      expect(at({ region }).region).toBe("cn-hangzhou");
    },
  );

  test.each(["ap-southeast-1", "us-west-1", "cn-beijing-finance-1-pub", "rg-china-mainland", "cb-123"])(
    "takes the region %s",
    (region) => {
      const endpoint = "https://oss.example.com";

      expect(at({ region, endpoint }).region).toBe(region);
    },
  );

  test.each<[string, unknown]>([
    ["region", ""],
    ["region", undefined],
    ["region", "hangzhou"],
    ["region", "oss-accelerate"],
    ["region", "cn-hangzhou-internal"],
    ["region", "oss-cn-hangzhou.aliyuncs.com"],
    ["bucket", ""],
    ["bucket", undefined],
    ["bucket", "ab"],
    ["bucket", "-files"],
    ["bucket", "files-"],
    ["bucket", "Files"],
    ["bucket", "user.files"],
    ["bucket", "user-files.oss-cn-hangzhou.aliyuncs.com"],
    ["bucket", "f".repeat(64)],
    ["endpoint", ""],
    ["endpoint", "not a host"],
    ["endpoint", "ftp://oss-cn-hangzhou.aliyuncs.com"],
    ["endpoint", "https://oss-cn-hangzhou.aliyuncs.com/user-files"],
    ["endpoint", "https://oss-cn-hangzhou.aliyuncs.com?x"],
    ["endpoint", "https://me:secret@oss-cn-hangzhou.aliyuncs.com"],
    ["endpoint", "https://user-files.oss-cn-hangzhou.aliyuncs.com"],
    ["endpoint", "https://oss-cn-beijing.aliyuncs.com"],
    ["endpoint", "https://oss-cn-beijing-internal.aliyuncs.com"],
    ["endpoint", "https://cn-beijing.oss.aliyuncs.com"],
    ["endpoint", "https://oss-cn-szfinance.aliyuncs.com"],
    ["addressing", "subdomain"],
    ["addressing", "cname"],
  ])("refuses the %s %j at once, with a remedy", (name, value) => {
    expect(() => at({ [name]: value })).toThrow(
      expect.objectContaining({
        code: "invalid-option",
        message: expect.stringContaining(name),
        hint: expect.any(String),
      }),
    );
  });

  test("takes a bucket that was copied with blanks around it", () => {
    expect(at({ bucket: " user-files\n" }).bucket).toBe("user-files");
  });

  test.each([
    ["cn-hangzhou-finance", "oss-cn-hzfinance"],
    ["cn-shanghai-finance-1", "oss-cn-shanghai-finance-1-pub"],
    ["cn-shenzhen-finance-1", "oss-cn-szfinance"],
    ["cn-beijing-finance-1", "oss-cn-beijing-finance-1-pub"],
    ["cn-beijing-finance-1-pub", "oss-cn-beijing-finance-1-pub"],
    ["oss-cn-hzfinance", "oss-cn-hzfinance"],
  ])("of the finance region %s is at %s", (region, host) => {
    expect(at({ region }).urlOf("a", {})).toBe(`https://user-files.${host}.aliyuncs.com/a`);
  });

  test.each([
    ["cn-hangzhou-finance", "oss-cn-hzfinance.aliyuncs.com"],
    ["cn-hangzhou-finance", "oss-cn-hzjbp-a-internal.aliyuncs.com"],
    ["cn-hangzhou-finance", "oss-cn-hzjbp-b-internal.aliyuncs.com"],
    ["cn-shanghai-finance-1", "oss-cn-shanghai-finance-1-internal.aliyuncs.com"],
    ["cn-shenzhen-finance-1", "oss-cn-szfinance.aliyuncs.com"],
  ])("of the finance region %s may be at %s, and is signed for by the region's name", (region, endpoint) => {
    expect(at({ region, endpoint }).region).toBe(region);
  });

  test.each([
    "oss-cn-beijing.aliyuncs.com",
    "https://oss-cn-beijing-internal.aliyuncs.com",
    "user-files.OSS-cn-beijing.aliyuncs.com",
    "cn-beijing.oss.aliyuncs.com",
  ])("is refused for the host %s as its region, which is named", (region) => {
    expect(() => at({ region })).toThrow(expect.objectContaining({ hint: expect.stringContaining('"cn-beijing"') }));
  });

  test("refuses to put a bucket in front of an IP address", () => {
    expect(() => at({ endpoint: "http://127.0.0.1:9000", addressing: "virtual-hosted" })).toThrow(/IP address/);
  });
});
