/** A sink for the clients that do not speak OSS: S3's multipart uploads and tus. It counts bytes and believes everything. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Tally } from "./tally.js";

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Path and query of a request whose body has been taken, and what it said. */
interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly size: number;
}

const cors = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers":
    "ETag, Location, Upload-Offset, Upload-Length, Tus-Resumable, x-amz-request-id, x-amz-checksum-crc32",
};

/** Answers under `/s3/…` and `/tus`. */
export function createOtherDialects(tally: Tally): Server {
  const tus = createTus();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", headers } = request;
    const url = new URL(request.url ?? "/", `http://${headers.host}`);
    tally.begin(method === "OPTIONS");
    const isOfFile = method === "PUT" || method === "PATCH";
    const received = url.pathname.startsWith("/tus/") ? tus.begin(url.pathname) : () => {};
    try {
      let size = 0;
      request.on("data", (piece: Buffer) => {
        size += piece.length;
        tally.body(piece.length, isOfFile);
        received(piece.length);
      });
      await finished(request, { writable: false });
      const call = { method, url, headers, size };
      const { status, headers: own, body } = reply(call);
      if (isOfFile) tally.stored();
      response.writeHead(status, { ...cors, ...own });
      response.end(body);
    } catch {
      // The client went away.
      request.socket.destroy();
    } finally {
      tally.end();
    }
  };
  const reply = (call: Call): Reply => {
    if (call.method === "OPTIONS") return preflight(call);
    return call.url.pathname.startsWith("/tus") ? tus.reply(call) : s3(call);
  };
  return createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(request, response);
  });
}

function preflight({ headers }: Call): Reply {
  return {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, PATCH, DELETE",
      "Access-Control-Allow-Headers": String(headers["access-control-request-headers"] ?? "*"),
      "Access-Control-Max-Age": "600",
    },
  };
}

let uploads = 0;

function s3({ method, url }: Call): Reply {
  const [, , bucket = "", ...rest] = url.pathname.split("/");
  const key = rest.join("/");
  const names = `<Bucket>${bucket}</Bucket><Key>${key}</Key>`;
  const xml = { "Content-Type": "application/xml" };
  if (method === "POST" && url.searchParams.has("uploads")) {
    uploads += 1;
    const body = `<InitiateMultipartUploadResult>${names}<UploadId>upload-${uploads}</UploadId></InitiateMultipartUploadResult>`;
    return { status: 200, headers: xml, body };
  }
  if (method === "POST") {
    const body = `<CompleteMultipartUploadResult><Location>${url.href}</Location>${names}<ETag>"0"</ETag></CompleteMultipartUploadResult>`;
    return { status: 200, headers: xml, body };
  }
  return { status: 200, headers: { ETag: `"${url.searchParams.get("partNumber") ?? "0"}"` } };
}

/** The core protocol, creation, and concatenation, which is what parallel uploads are made of. */
function createTus() {
  const offsets = new Map<string, { offset: number; length: number; requests: number }>();
  const always = { "Tus-Resumable": "1.0.0" };
  return {
    /** @returns what takes note of its bytes. Each request ends the one before: what that still brings counts no more. */
    begin(path: string): (bytes: number) => void {
      const upload = offsets.get(path);
      if (upload === undefined) return () => {};
      upload.requests += 1;
      const current = upload.requests;
      return (bytes) => {
        if (upload.requests === current) upload.offset += bytes;
      };
    },
    reply({ method, url, headers }: Call): Reply {
      if (method === "POST") {
        const path = `/tus/${offsets.size + 1}`;
        offsets.set(path, { offset: 0, length: Number(headers["upload-length"] ?? 0), requests: 0 });
        return { status: 201, headers: { ...always, Location: `${url.origin}${path}` } };
      }
      const upload = offsets.get(url.pathname);
      if (upload === undefined) return { status: 404, headers: always };
      const { offset, length } = upload;
      const state = { ...always, "Upload-Offset": String(offset) };
      if (method === "PATCH") return { status: 204, headers: state };
      return { status: 200, headers: { ...state, "Upload-Length": String(length), "Cache-Control": "no-store" } };
    },
  };
}
