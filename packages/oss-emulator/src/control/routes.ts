/** The routes of the control API. */
import { permissions as allPermissions, type Permission } from "../action.js";
import type { ExpiredTokenCode, TokenOptions } from "../auth/accounts.js";
import type { CorsRule } from "../cors.js";
import type { Emulator } from "../emulator.js";
import type { FaultSpec } from "../faults/fault.js";
import type { FaultHandle } from "../faults/fault-list.js";
import { maxClockOffsetMs } from "../faults/parse-spec.js";
import type { ControlCall } from "./call.js";
import { entryFilter, sendEvents, waitForEntry } from "./requests.js";

/** An error that the client gets as its status and JSON `{ error }`. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Route {
  readonly method: string;
  /** Relative to `/_emulator/`. `{name}` stands for one piece of the path. */
  readonly path: string;
  /** @returns the pieces for each `{name}`; undefined if the request is for another route */
  match(method: string, pieces: readonly string[]): Readonly<Record<string, string>> | undefined;
  /** @returns the value that is sent as JSON; undefined for 204 */
  perform(call: ControlCall): unknown;
}

function route(method: string, path: string, perform: Route["perform"]): Route {
  const pattern = path.split("/").filter((piece) => piece !== "");
  return {
    method,
    path,
    perform,
    match(asked, pieces) {
      if (asked !== method || pieces.length !== pattern.length) return undefined;
      const parameters: Record<string, string> = {};
      const fits = pattern.every((name, i) => {
        const piece = pieces[i] ?? "";
        if (!name.startsWith("{")) return name === piece;
        parameters[name.slice(1, -1)] = piece;
        return true;
      });
      return fits ? parameters : undefined;
    },
  };
}

function fields(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  throw new ControlError(400, "a JSON object is needed as the body");
}

function parameter({ parameters }: ControlCall, name: string): string {
  return parameters[name] ?? "";
}

function number(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ControlError(400, `"${name}" must be a number, not ${JSON.stringify(value)}`);
}

function countOf(query: URLSearchParams): number {
  const text = query.get("count") ?? "1";
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ControlError(400, `"count" must be a number from 1, not ${JSON.stringify(text)}`);
}

function offset(value: unknown): number {
  const ms = number(value, "offsetMs");
  if (Math.abs(ms) <= maxClockOffsetMs) return ms;
  throw new ControlError(400, `"offsetMs" must be less than three thousand years, not ${ms}`);
}

function permissionList(value: unknown): readonly Permission[] {
  const known: readonly unknown[] = allPermissions;
  if (Array.isArray(value) && value.every((one) => known.includes(one))) return value as Permission[];
  throw new ControlError(400, `"permissions" must be a list of ${allPermissions.join(", ")}`);
}

function expiredAs(value: unknown): ExpiredTokenCode | undefined {
  if (value === undefined || value === "SecurityTokenExpired" || value === "InvalidAccessKeyId") return value;
  throw new ControlError(400, `"as" must be SecurityTokenExpired or InvalidAccessKeyId, not ${JSON.stringify(value)}`);
}

function describe({ id, spec, hits }: FaultHandle): unknown {
  return { id, ...spec, hits };
}

function findFault(call: ControlCall): FaultHandle {
  const fault = call.emulator.faults.list().find(({ id }) => String(id) === parameter(call, "id"));
  if (fault === undefined) throw new ControlError(404, `there is no fault ${parameter(call, "id")}`);
  return fault;
}

function networkState({ network }: Emulator): unknown {
  return { cut: network.isCut, bytesPerSecond: network.bytesPerSecond ?? null };
}

function changeNetwork({ emulator, body }: ControlCall): unknown {
  const { cut, bytesPerSecond } = fields(body);
  const { network } = emulator;
  if (bytesPerSecond !== undefined) {
    network.throttle(bytesPerSecond === null ? undefined : number(bytesPerSecond, "bytesPerSecond"));
  }
  if (cut === true) network.cut();
  if (cut === false) network.restore();
  return networkState(emulator);
}

function issueToken({ emulator, body }: ControlCall): unknown {
  const { expiresInMs, permissions, policyPrefix } = fields(body);
  return emulator.issueToken({
    expiresInMs: number(expiresInMs, "expiresInMs"),
    ...(permissions === undefined ? {} : { permissions: permissionList(permissions) }),
    ...(policyPrefix === undefined ? {} : { policyPrefix: String(policyPrefix) }),
  });
}

/** What pages get: the shortest life that the STS service gives, and the rights that uploads need. */
const tokenOfPages: TokenOptions = {
  expiresInMs: 900_000,
  permissions: ["oss:PutObject", "oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"],
};

/** What an application's server answers to its page, in the words of the STS service. */
export const tokenRoute = route("GET", "sts", ({ emulator, response }) => {
  response.setHeader("Cache-Control", "no-store");
  return { Credentials: emulator.issueToken(tokenOfPages) };
});

function findObject(call: ControlCall): unknown {
  const object = call.emulator.object(parameter(call, "bucket"), parameter(call, "key"));
  if (object === undefined) throw new ControlError(404, `there is no object "${parameter(call, "key")}"`);
  return object;
}

export const routes: readonly Route[] = [
  tokenRoute,
  route("GET", "", ({ emulator }) => ({
    endpoint: emulator.endpoint,
    region: emulator.region,
    network: networkState(emulator),
    faults: emulator.faults.list().map(describe),
  })),

  route("GET", "callback-key", ({ emulator, response }) => {
    // Not as JSON: it stands at the address that callbacks name, where the service has PEM.
    response.setHeader("X-Content-Type-Options", "nosniff").setHeader("Content-Type", "text/plain");
    response.end(emulator.callbackPublicKey);
  }),

  route("GET", "faults", ({ emulator }) => emulator.faults.list().map(describe)),
  route("POST", "faults", ({ emulator, body }) => describe(emulator.faults.add(fields(body) as unknown as FaultSpec))),
  route("DELETE", "faults", ({ emulator }) => emulator.faults.clear()),
  route("GET", "faults/{id}", (call) => describe(findFault(call))),
  route("DELETE", "faults/{id}", (call) => findFault(call).remove()),
  route("POST", "faults/{id}/release", (call) => findFault(call).release()),
  route("GET", "faults/{id}/hit", async (call) => findFault(call).waitForHit(countOf(call.query), call.signal)),

  route("GET", "requests", ({ emulator, query }) => emulator.requests.filter(entryFilter(query))),
  route("DELETE", "requests", ({ emulator }) => emulator.clearRequests()),
  route("GET", "requests/wait", waitForEntry),
  route("GET", "requests/events", sendEvents),

  route("POST", "tokens", issueToken),
  route("POST", "tokens/expire", ({ emulator, body }) => {
    const { as, accessKeyId } = body === undefined ? {} : fields(body);
    const code = expiredAs(as);
    const count = emulator.expireTokens({
      ...(code === undefined ? {} : { as: code }),
      ...(accessKeyId === undefined ? {} : { accessKeyId: String(accessKeyId) }),
    });
    return { count };
  }),
  route("DELETE", "tokens/{accessKeyId}", (call) => ({
    revoked: call.emulator.revokeToken(parameter(call, "accessKeyId")),
  })),
  route("PUT", "permissions/{accessKeyId}", (call) =>
    call.emulator.setPermissions(parameter(call, "accessKeyId"), permissionList(call.body)),
  ),

  route("PUT", "buckets/{bucket}/cors", (call) => {
    if (!Array.isArray(call.body)) throw new ControlError(400, "a list of CORS rules is needed as the body");
    call.emulator.setCors(parameter(call, "bucket"), call.body as CorsRule[]);
  }),
  route("GET", "buckets/{bucket}/objects", (call) => call.emulator.objects(parameter(call, "bucket"))),
  route("GET", "buckets/{bucket}/objects/{key}", findObject),
  route("GET", "buckets/{bucket}/objects/{key}/sha256", async (call) => {
    findObject(call);
    return { sha256: await call.emulator.sha256(parameter(call, "bucket"), parameter(call, "key")) };
  }),
  route("GET", "buckets/{bucket}/uploads", (call) => call.emulator.uploads(parameter(call, "bucket"))),
  route("GET", "buckets/{bucket}/uploads/{uploadId}/parts", (call) =>
    call.emulator.parts(parameter(call, "bucket"), parameter(call, "uploadId")),
  ),

  route("GET", "network", ({ emulator }) => networkState(emulator)),
  route("PUT", "network", changeNetwork),
  route("PUT", "clock", ({ emulator, body }) => emulator.skewClock(offset(fields(body).offsetMs))),
];
