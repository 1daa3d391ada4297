/** The application server of the demo: it hands out tokens and links, as yours would, and makes trouble when asked to. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Emulator } from "@ossicle/oss-emulator";
import { presignGet, type SigningAccount } from "./presign-get.js";

export interface ApplicationOptions {
  readonly emulator: Emulator;
  readonly bucket: string;
  /** Signs the links; pages never see it. */
  readonly account: SigningAccount;
  /** Where the browser that sent this request reaches the emulator. */
  readonly endpointFor: (request: IncomingMessage) => string;
  readonly tokenLifeMs: number;
}

/** What a page may do with its token: `GetObject` is what lets it prove an object by HEAD. */
const pagePermissions = ["oss:PutObject", "oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"] as const;
const keyPrefix = "uploads/";
const linkSeconds = 3600;

type Answer = { readonly status: number; readonly body?: unknown; readonly location?: string };
type Next = (error?: unknown) => void;

/**
 * | request | |
 * | --- | --- |
 * | `GET /api/config` | `{ region, bucket, endpoint }` |
 * | `GET /api/sts` | a short-lived token, spelled as the STS service spells it |
 * | `GET /objects/{key}` | to the object itself, by a signed link |
 * | `GET PUT /api/network` | `{ bytesPerSecond: number or null, cut: boolean }` |
 * | `POST /api/expire-tokens`, `POST /api/lose-answer` | every token ends now; the next part is stored unheard |
 */
export function createApplication(options: ApplicationOptions) {
  return (request: IncomingMessage, response: ServerResponse, next: Next): void => {
    const { pathname } = new URL(request.url ?? "/", "http://demo");
    if (!/^\/(api|objects)\//.test(pathname)) {
      next();
      return;
    }
    answer(options, request, pathname)
      .catch((error: unknown): Answer => ({ status: 400, body: { message: String(error) } }))
      .then(({ status, body, location }) => {
        response.statusCode = status;
        response.setHeader("Cache-Control", "no-store");
        if (location !== undefined) response.setHeader("Location", location);
        if (body === undefined) {
          response.end();
          return;
        }
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(body));
      }, next);
  };
}

async function answer(options: ApplicationOptions, request: IncomingMessage, pathname: string): Promise<Answer> {
  const { emulator, bucket, tokenLifeMs } = options;
  if (request.method === "GET" && pathname.startsWith("/objects/")) return linkTo(options, request, pathname);
  switch (`${request.method} ${pathname}`) {
    case "GET /api/config":
      return { status: 200, body: { region: emulator.region, bucket, endpoint: options.endpointFor(request) } };
    case "GET /api/sts":
      return {
        status: 200,
        body: emulator.issueToken({
          expiresInMs: tokenLifeMs,
          permissions: pagePermissions,
          policyPrefix: keyPrefix,
        }),
      };
    case "GET /api/network":
      return { status: 200, body: networkOf(emulator) };
    case "PUT /api/network":
      setNetwork(emulator, await readJson(request));
      return { status: 200, body: networkOf(emulator) };
    case "POST /api/expire-tokens":
      return { status: 200, body: { expired: emulator.expireTokens() } };
    case "POST /api/lose-answer":
      emulator.faults.add({ on: ["UploadPart", "PutObject"], fault: "lose-answer" });
      return { status: 204 };
    default:
      return { status: 404, body: { message: `the demo server knows no ${request.method} ${pathname}` } };
  }
}

function linkTo(options: ApplicationOptions, request: IncomingMessage, pathname: string): Answer {
  const { emulator, bucket, account } = options;
  const key = decodeURIComponent(pathname.slice("/objects/".length));
  if (emulator.object(bucket, key) === undefined) {
    return { status: 404, body: { message: `there is no object ${key} in bucket ${bucket}` } };
  }
  const place = { endpoint: options.endpointFor(request), region: emulator.region, bucket, key };
  return { status: 302, location: presignGet({ ...place, expiresInSeconds: linkSeconds }, account) };
}

interface NetworkState {
  /** null: as fast as it goes. */
  readonly bytesPerSecond: number | null;
  readonly cut: boolean;
}

function networkOf({ network }: Emulator): NetworkState {
  return { bytesPerSecond: network.bytesPerSecond ?? null, cut: network.isCut };
}

/** @throws RangeError for a speed that is none */
function setNetwork({ network }: Emulator, wanted: Partial<NetworkState>): void {
  if (wanted.bytesPerSecond !== undefined) network.throttle(wanted.bytesPerSecond ?? undefined);
  if (wanted.cut === true) network.cut();
  if (wanted.cut === false) network.restore();
}

async function readJson(request: IncomingMessage): Promise<Partial<NetworkState>> {
  // A page of another site cannot send this type without a preflight, and gets none.
  if (request.headers["content-type"] !== "application/json") throw new TypeError("send application/json");
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text) as Partial<NetworkState>;
}
