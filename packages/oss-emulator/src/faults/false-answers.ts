/** Answers that the service would not give: with the digests of other bytes, or a proxy's page. Pure. */
import type { Answer } from "../http/exchange.js";

function otherEtag(etag: string): string {
  return etag.replace(/[0-9A-F]/, (digit) => (digit === "0" ? "1" : "0"));
}

function otherCrc64(crc64: string): string {
  return String(BigInt(crc64) ^ 1n);
}

/** Changes the ETag and the CRC-64 of an answer, in its headers and in its document. An answer without an ETag stays as it is. */
export function withOtherDigests(answer: Answer): Answer {
  const { ETag, "x-oss-hash-crc64ecma": crc64 } = answer.headers;
  if (ETag === undefined) return answer;
  const wrong = otherEtag(ETag);
  const [right, other] = [ETag, wrong].map((etag) => etag.replaceAll('"', "")) as [string, string];
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ETag: wrong,
      ...(crc64 === undefined ? {} : { "x-oss-hash-crc64ecma": otherCrc64(crc64) }),
    },
    ...(typeof answer.body === "string" ? { body: answer.body.replaceAll(right, other) } : {}),
  };
}

export function proxyPage(status = 502): Pick<Answer, "status" | "headers" | "body"> {
  const body = `<html>\r\n<head><title>${status}</title></head>\r\n<body><h1>${status}</h1><hr>proxy</body>\r\n</html>\r\n`;
  return { status, headers: { "Content-Type": "text/html" }, body };
}
