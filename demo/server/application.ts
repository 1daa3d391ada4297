/** The application server of the demo: it hands out tokens and links, as yours would, and makes trouble when asked to. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Emulator } from "@ossicle/oss-emulator";
import { presignGet, type SigningAccount } from "./presign-get.js";
import { signFor } from "./sign.js";
import { changeTrouble, strike, type Trouble, troubleOf } from "./trouble.js";

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
 * | `POST /api/sign` | a batch of requests, signed: for pages that get no token |
 * | `GET /objects/{key}` | to the object itself, by a signed link |
 * | `GET PUT /api/trouble` | what is broken until it is mended: see `Trouble` |
 * | `POST /api/strikes` | `{ strike }`: what goes wrong once |
 * | `POST /api/expire-tokens` | every token ends now |
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
    case "POST /api/sign": {
      const place = { endpoint: options.endpointFor(request), region: emulator.region, bucket } as const;
      return await signFor(request, keyPrefix, { ...place, addressing: "path", credentials: options.account });
    }
    case "GET /api/trouble":
      return { status: 200, body: troubleOf(emulator) };
    case "PUT /api/trouble":
      changeTrouble(emulator, await readJson<Partial<Trouble>>(request));
      return { status: 200, body: troubleOf(emulator) };
    case "POST /api/strikes":
      strike(emulator, (await readJson<{ readonly strike: string }>(request)).strike);
      return { status: 204 };
    case "POST /api/expire-tokens":
      return { status: 200, body: { expired: emulator.expireTokens() } };
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

async function readJson<Body>(request: IncomingMessage): Promise<Body> {
  // A page of another site cannot send this type without a preflight, and gets none.
  if (request.headers["content-type"] !== "application/json") throw new TypeError("send application/json");
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text) as Body;
}
