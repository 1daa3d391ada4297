/** The application server of the demo. It hands out tokens and links, as an app's own server would, and breaks the store on request. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Credentials, presignGet } from "@ossicle/core/server";
import { type Emulator, whyNotLocal } from "@ossicle/oss-emulator";
import { Refusal, readJson } from "./json-body.js";
import { signFor } from "./sign.js";
import { told } from "./told.js";
import { changeTrouble, strike, troubleOf, troubleWanted } from "./trouble.js";

export interface ApplicationOptions {
  readonly emulator: Emulator;
  readonly bucket: string;
  /** Signs links and requests. Pages never get it. */
  readonly account: Credentials;
  /** @returns the URL at which the browser that sent this request reaches the emulator */
  readonly endpointFor: (request: IncomingMessage) => string;
  readonly tokenLifeMs: number;
}

/** What a page may do with its token. `GetObject` lets it look at an object by HEAD, which proves the upload. */
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
 * | `POST /api/stored` | the store's callback, with `object` in its body; the answer is what the page gets |
 * | `GET /objects/{key}` | a redirect to the object, by a signed link |
 * | `GET PUT /api/trouble` | what stays broken until it is changed: see `Trouble` |
 * | `POST /api/strikes` | `{ strike }`: a fault that happens once |
 * | `POST /api/expire-tokens` | every token ends now |
 *
 * Only programs and pages of this machine may break something. Others, who reach the server by `--open-to-network`, may upload
 * and look.
 */
export function createApplication(options: ApplicationOptions) {
  return (request: IncomingMessage, response: ServerResponse, next: Next): void => {
    const [pathname = "/"] = (request.url ?? "/").split("?", 1);
    if (!/^\/(api|objects)\//.test(pathname)) {
      next();
      return;
    }
    answer(options, request, pathname)
      .catch((error: unknown): Answer => {
        const { status, message } = error instanceof Refusal ? error : { status: 400, message: String(error) };
        return { status, body: { message } };
      })
      .then(({ status, body, location }) => {
        response.statusCode = status;
        response.setHeader("Cache-Control", "no-store");
        if (location !== undefined) response.setHeader("Location", location);
        if (body === undefined) {
          response.end();
          return;
        }
        // A refused body may not have been read to its end: close instead of waiting for the rest.
        if (!request.complete) response.setHeader("Connection", "close");
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(body));
      }, next);
  };
}

async function answer(options: ApplicationOptions, request: IncomingMessage, pathname: string): Promise<Answer> {
  const { emulator, bucket, tokenLifeMs } = options;
  if (request.method === "GET" && pathname.startsWith("/objects/")) return await linkTo(options, request, pathname);
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
    case "POST /api/stored":
      return { status: 200, body: await told(request, emulator, bucket) };
    case "GET /api/trouble":
      return { status: 200, body: troubleOf(emulator) };
    case "PUT /api/trouble":
      checkLocal(request);
      changeTrouble(emulator, troubleWanted(await readJson(request)));
      return { status: 200, body: troubleOf(emulator) };
    case "POST /api/strikes":
      checkLocal(request);
      strike(emulator, (await readJson(request)).strike);
      return { status: 204 };
    case "POST /api/expire-tokens":
      checkLocal(request);
      return { status: 200, body: { expired: emulator.expireTokens() } };
    default:
      return { status: 404, body: { message: `the demo server knows no ${request.method} ${pathname}` } };
  }
}

/** @throws Refusal with status 403 for a request from another machine */
function checkLocal(request: IncomingMessage): void {
  const reason = whyNotLocal(request);
  if (reason !== undefined) throw new Refusal(403, `the demo's trouble: ${reason}`);
}

async function linkTo(options: ApplicationOptions, request: IncomingMessage, pathname: string): Promise<Answer> {
  const { emulator, bucket, account } = options;
  const key = decodeURIComponent(pathname.slice("/objects/".length));
  if (emulator.object(bucket, key) === undefined) {
    return { status: 404, body: { message: `there is no object ${key} in bucket ${bucket}` } };
  }
  const place = {
    endpoint: options.endpointFor(request),
    addressing: "path",
    region: emulator.region,
    bucket,
  } as const;
  const { url } = await presignGet(key, { ...place, credentials: account, expiresInSeconds: linkSeconds });
  return { status: 302, location: url };
}
