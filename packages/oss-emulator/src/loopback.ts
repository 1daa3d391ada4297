/** Who asks from this machine, and under a name that nobody else can give to it. Pure. */
import type { IncomingMessage } from "node:http";

/** Also an IPv4 address as an IPv6 socket spells it. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(address);
}

/** @param hostname without a port; IPv6 with or without brackets */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|[^/]+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

/**
 * Why a request is none of a program or page of this machine. The name matters as well as the peer: the owner of any other name
 * can let it mean 127.0.0.1, and his page then asks from the victim's own browser ("DNS rebinding").
 *
 * @param listensOn the name that the server was told to listen on, which is good too where it means this machine alone
 * @returns undefined when it is
 */
export function whyNotLocal(request: IncomingMessage, listensOn?: string): string | undefined {
  const { remoteAddress, localAddress } = request.socket;
  if (!isLoopbackAddress(remoteAddress)) return `this is for programs of its own machine, not for ${remoteAddress}`;
  const hostname = (request.headers.host ?? "").replace(/:\d*$/, "");
  const isOwnName = isLoopbackAddress(localAddress) && hostname !== "" && hostname === listensOn;
  if (isLoopbackName(hostname) || isOwnName) return undefined;
  return `this is not called ${JSON.stringify(hostname)}: ask for it as localhost or 127.0.0.1`;
}
