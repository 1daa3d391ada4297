/** Answers that are not true: of other bytes than are stored, or of somebody else. Pure. */
import type { Answer } from "../http/exchange.js";

function otherEtag(etag: string): string {
  return etag.replace(/[0-9A-F]/, (digit) => (digit === "0" ? "1" : "0"));
}

function otherCrc64(crc64: string): string {
  return String(BigInt(crc64) ^ 1n);
}

/** The answer with the names of other bytes, in the header and in the document; as it is where it names none. */
export function namingOthers(answer: Answer): Answer {
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
