/** Reads the body of CompleteMultipartUpload. All values stay strings, because an ETag of digits is not a number. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { refusal } from "../oss-error.js";

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, isArray: (name) => name === "Part" });

/** A part in the list of a CompleteMultipartUpload. */
export interface NamedPart {
  readonly number: number;
  /** Without quotes, upper case. */
  readonly etag: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** @throws OssError `MalformedXML`, also where the parser throws: at names such as `__proto__`, and at entities that grow without end */
function parse(xml: string): unknown {
  try {
    if (XMLValidator.validate(xml) === true) return parser.parse(xml);
  } catch (cause) {
    throw refusal("MalformedXML", { message: `The XML you provided could not be read: ${(cause as Error).message}` });
  }
  throw refusal("MalformedXML");
}

/**
 * @returns at least one part, in the order of the body. ETags are accepted with and without quotes
 * @throws OssError `MalformedXML`
 */
export function parseCompleteBody(xml: string): readonly NamedPart[] {
  const document = parse(xml);
  const root = isRecord(document) ? document.CompleteMultipartUpload : undefined;
  const parts = isRecord(root) ? root.Part : undefined;
  if (!Array.isArray(parts)) throw refusal("MalformedXML");
  return parts.map((part: unknown) => {
    const number = isRecord(part) ? part.PartNumber : undefined;
    const etag = isRecord(part) ? part.ETag : undefined;
    if (typeof number !== "string" || !/^\d{1,5}$/.test(number) || typeof etag !== "string") {
      throw refusal("MalformedXML");
    }
    return { number: Number(number), etag: etag.replaceAll('"', "").toUpperCase() };
  });
}
