/** Reads a request's body into memory, to disk or into a sink, and lets faults and paces act on it. */
import { createHash } from "node:crypto";
import { invalidArgument, OssError, refusal } from "../oss-error.js";
import type { BodyDigests } from "../storage/body-digests.js";
import type { BodyFiles, BodyWriter } from "../storage/body-files.js";
import type { Digests } from "../storage/digester.js";
import type { BodyRef } from "../storage/records.js";
import type { Connections } from "./connections.js";
import { Disconnected, type Exchange } from "./exchange.js";
import { Pace } from "./pace.js";
import { isSwallowable, swallow } from "./swallow.js";

const maxBodySize = 5 * 1024 ** 3;
/** Of a body that is paced: so small that requests which share a pace move side by side, and wait no longer than they have to. */
const stepSize = 8 * 1024;

/** @returns bytes per second, or undefined when the request sets no limit */
function trafficLimit({ headers, target }: Exchange): number | undefined {
  const name = "x-oss-traffic-limit";
  const inHeader = headers[name];
  const inQuery = target.query.get(name);
  if (inHeader !== undefined && inQuery !== undefined) {
    throw invalidArgument(name, inHeader, `${name} must not be both in the header and in the query.`);
  }
  const text = inHeader ?? inQuery;
  if (text === undefined) return undefined;
  const bitsPerSecond = Number(text);
  if (/^\d+$/.test(text) && bitsPerSecond >= 819_200 && bitsPerSecond <= 838_860_800) return bitsPerSecond / 8;
  throw invalidArgument(name, text, `${name} must be an integer between 819200 and 838860800.`);
}

/** The paces that apply to the request's body, or to its answer's. */
export function pacesOf(exchange: Exchange, connections: Connections): () => readonly Pace[] {
  const limit = trafficLimit(exchange);
  const own = limit === undefined ? [] : [new Pace(limit)];
  if (exchange.bodyPlan.pace !== undefined) own.push(exchange.bodyPlan.pace);
  // Looked up for every piece, because the network may be throttled while a body is on its way.
  return () => (connections.sharedPace === undefined ? own : [...own, connections.sharedPace]);
}

/** @throws OssError `MissingContentLength`, `EntityTooLarge` */
export function checkLength({ headers }: Exchange): void {
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) {
    throw refusal("MissingContentLength");
  }
  if (Number(headers["content-length"] ?? 0) > maxBodySize) throw refusal("EntityTooLarge");
}

/**
 * Yields the pieces of the body as they come.
 *
 * @param kind "form": the bytes of the object are in a form, so faults do not change these
 * @throws Disconnected if the connection ends before the body
 */
export async function* incoming(
  exchange: Exchange,
  connections: Connections,
  kind: "object" | "form" = "object",
): AsyncGenerator<Buffer> {
  const { response, entry, bodyPlan, patience } = exchange;
  const paces = pacesOf(exchange, connections);
  await bodyPlan.before?.(0);
  if (exchange.headers.expect !== undefined) {
    exchange.hasContinued = true;
    response.writeContinue();
  }
  try {
    for await (const piece of inSteps(patience.pieces(), () => paces().length > 0)) {
      const bytes = (kind === "object" ? bodyPlan.transform?.(piece, entry.bodyBytes) : undefined) ?? piece;
      entry.bodyBytes += bytes.length;
      if (entry.bodyBytes > maxBodySize) throw refusal("EntityTooLarge");
      exchange.touch();
      for (const pace of paces()) await pace.take(bytes.length, exchange.signal);
      yield bytes;
      await bodyPlan.before?.(entry.bodyBytes);
    }
  } catch (error) {
    if (error instanceof OssError || error instanceof Disconnected) throw error;
    throw new Disconnected("the client went away", { cause: error });
  }
}

/** @param isPaced asked before each step: once nothing paces the body any more, the rest is one piece */
async function* inSteps(pieces: AsyncIterable<Buffer>, isPaced: () => boolean): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    let start = 0;
    while (isPaced() && piece.length - start > stepSize) {
      yield piece.subarray(start, start + stepSize);
      start += stepSize;
    }
    if (start < piece.length) yield piece.subarray(start);
  }
}

function contentMd5(exchange: Exchange): Buffer | undefined {
  const text = exchange.headers["content-md5"];
  if (text === undefined) return undefined;
  const md5 = Buffer.from(text, "base64");
  if (md5.length === 16 && md5.toString("base64") === text) return md5;
  throw refusal("InvalidDigest", { extras: { "Content-MD5": text } });
}

function checkMd5(exchange: Exchange, claimed: Buffer | undefined, md5: Buffer): void {
  if (claimed === undefined || claimed.equals(md5) || exchange.trustsContentMd5) return;
  const text = claimed.toString("base64");
  throw refusal("InvalidDigest", { extras: { "Content-MD5": text, Content: md5.toString("base64") } });
}

/** A stored body to which no object or part refers yet. */
export interface ReceivedBody extends BodyRef {
  /** Upper-case hex: the MD5, unless a fault hides it or the sink does not hash. */
  readonly etag: string;
  /** Base64. Undefined if the sink does not hash and the client sent no Content-MD5. */
  readonly md5: string | undefined;
  /** Unsigned decimal. Undefined if the sink does not hash. */
  readonly crc64: string | undefined;
}

interface TakenBody {
  readonly size: number;
  readonly digests: Digests | undefined;
}

async function take(
  exchange: Exchange,
  connections: Connections,
  writer: BodyWriter,
  bodyDigests: BodyDigests,
  file: AsyncIterable<Buffer> | undefined,
): Promise<TakenBody> {
  const length = Number(exchange.headers["content-length"]);
  const paces = pacesOf(exchange, connections)().length;
  if (file === undefined && writer.isSink && bodyDigests.needsNoBytes(length) && isSwallowable(exchange, paces)) {
    return { size: await swallow(exchange), digests: bodyDigests.known(length) };
  }
  const digester = await bodyDigests.begin();
  let size = 0;
  for await (const bytes of file ?? incoming(exchange, connections)) {
    // Not awaited yet: the disk writes while the digests are computed.
    const written = writer.write(bytes);
    digester?.update(bytes);
    size += bytes.length;
    await written;
  }
  const digests = digester?.digest();
  bodyDigests.remember(size, digests);
  return { size, digests };
}

/**
 * Stores the body in a file, or counts it if the emulator is a sink. If the sink does not hash, the ETag is the client's Content-MD5,
 * or random without one.
 *
 * @param bodyDigests those of the request's bucket
 * @param file the bytes of a form's file. Default: the body is the object
 * @throws OssError `InvalidDigest` and others, or Disconnected. Nothing is left on disk then.
 */
export async function receiveBody(
  exchange: Exchange,
  connections: Connections,
  bodies: BodyFiles,
  bodyDigests: BodyDigests,
  file?: AsyncIterable<Buffer>,
): Promise<ReceivedBody> {
  checkLength(exchange);
  const claimed = contentMd5(exchange);
  const writer = await bodies.create();
  try {
    const { size, digests } = await take(exchange, connections, writer, bodyDigests, file);
    if (digests !== undefined) checkMd5(exchange, claimed, digests.md5);
    await exchange.beforeEffect();
    await writer.finish();
    const md5 = digests?.md5 ?? claimed;
    exchange.hasHiddenMd5 = exchange.hidesMd5;
    const name = (exchange.hidesMd5 ? undefined : md5) ?? createHash("md5").update(writer.id).digest();
    return {
      id: writer.id,
      size,
      etag: name.toString("hex").toUpperCase(),
      md5: md5?.toString("base64"),
      crc64: digests?.crc64,
    };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Reads a small body into memory. @throws OssError `EntityTooLarge`, `InvalidDigest` */
export async function readText(exchange: Exchange, connections: Connections, maxBytes: number): Promise<string> {
  const claimed = contentMd5(exchange);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const bytes of incoming(exchange, connections)) {
    size += bytes.length;
    if (size > maxBytes) throw refusal("EntityTooLarge");
    pieces.push(bytes);
  }
  const all = Buffer.concat(pieces);
  checkMd5(exchange, claimed, createHash("md5").update(all).digest());
  return all.toString("utf8");
}
