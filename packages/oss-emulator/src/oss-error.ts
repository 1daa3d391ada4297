/** The service's errors, word for word: status, code, message, EC and the extra elements of the error document. */
import { element, xmlDocument } from "./xml.js";

interface Entry {
  readonly status: number;
  readonly message: string;
  readonly ec?: string;
}

// Holds only ECs that were seen on the wire. A refusal without a known EC carries none.
const catalogue = {
  AccessDenied: {
    status: 403,
    message: "You have no right to access this object because of bucket acl.",
    ec: "0003-00000001",
  },
  AccessForbidden: {
    status: 403,
    // The service misspells "evaluation" and "Request".
    message:
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  },
  BadRequest: { status: 400, message: "The request is malformed." },
  CallbackFailed: { status: 203, message: "Error status : -1.", ec: "0007-00000203" },
  EmulatorOwnDomainOnly: {
    status: 403,
    message:
      "The objects of this bucket are reached by its own domain only. The service's code for this is not known: this one is the emulator's own invention.",
  },
  EntityTooLarge: { status: 400, message: "Your proposed upload exceeds the maximum allowed object size." },
  EntityTooSmall: { status: 400, message: "Your proposed upload smaller than the minimum allowed size." },
  FileAlreadyExists: {
    status: 409,
    message: "The object you specified already exists and can not be overwritten.",
  },
  InternalError: { status: 500, message: "Please contact the server administrator, oss@service.aliyun.com." },
  InvalidAccessKeyId: {
    status: 403,
    message: "The OSS Access Key Id you provided does not exist in our records.",
    ec: "0002-00000902",
  },
  InvalidArgument: { status: 400, message: "Invalid argument." },
  InvalidBucketName: { status: 400, message: "The specified bucket is not valid." },
  InvalidDigest: { status: 400, message: "The Content-MD5 you specified was invalid." },
  InvalidEncryptionAlgorithmError: {
    status: 400,
    message: "The Encryption request you specified is not valid. Supported value: AES256/KMS/SM4.",
  },
  InvalidObjectName: { status: 400, message: "The specified object is not valid." },
  InvalidObjectState: { status: 403, message: "The operation is not valid for the object's state." },
  InvalidPart: {
    status: 400,
    message:
      "One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
  },
  InvalidPartOrder: {
    status: 400,
    message: "The list of parts was not in ascending order. Parts list must specified in order by part number.",
  },
  InvalidRange: { status: 416, message: "The requested range cannot be satisfied." },
  InvalidSecurityToken: { status: 403, message: "The security token you provided is invalid." },
  InvalidURI: { status: 400, message: "Couldn't parse the specified URI." },
  InvalidPolicyDocument: { status: 400, message: "Invalid Policy." },
  MalformedPOSTRequest: {
    status: 400,
    message: "The body of your POST request is not well-formed multipart/form-data.",
  },
  MalformedXML: {
    status: 400,
    message: "The XML you provided was not well-formed or did not validate against our published schema.",
    ec: "0042-00000205",
  },
  MethodNotAllowed: { status: 405, message: "The specified method is not allowed against this resource." },
  MissingContentLength: { status: 411, message: "You must provide the Content-Length HTTP header." },
  NoSuchBucket: { status: 404, message: "The specified bucket does not exist." },
  NoSuchKey: { status: 404, message: "The specified key does not exist.", ec: "0026-00000001" },
  NoSuchUpload: {
    status: 404,
    message:
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  },
  NotImplemented: { status: 400, message: "A header you provided implies functionality that is not implemented." },
  PartAlreadyExist: { status: 409, message: "The part you specified already exists in a sequential upload." },
  PartNotSequential: { status: 400, message: "The part you uploaded is not the next one of a sequential upload." },
  PreconditionFailed: { status: 412, message: "At least one of the pre-conditions you specified did not hold." },
  RequestTimeTooSkewed: {
    status: 403,
    message: "The difference between the request time and the current time is too large.",
    ec: "0002-00000504",
  },
  RequestTimeout: {
    status: 400,
    message:
      "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
  },
  SecurityTokenExpired: { status: 403, message: "The security token you provided has expired." },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    ec: "0002-00000040",
  },
} as const satisfies Record<string, Entry>;

export type OssErrorCode = keyof typeof catalogue;

export interface OssErrorDetails {
  readonly status?: number;
  readonly message?: string;
  readonly ec?: string;
  /** Elements of the error document after the common ones, in order. */
  readonly extras?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refused request. Operations throw it; the handler makes the answer of it. */
export class OssError extends Error {
  override readonly name = "OssError";
  readonly code: string;
  readonly status: number;
  readonly ec: string | undefined;
  readonly extras: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, details: OssErrorDetails = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.ec = details.ec;
    this.extras = details.extras ?? {};
    this.headers = details.headers ?? {};
  }
}

/** Makes the error of that code with the service's status and message, unless `details` has others. */
export function refusal(code: OssErrorCode, details: OssErrorDetails = {}): OssError {
  const entry: Entry = catalogue[code];
  const ec = details.ec ?? entry.ec;
  return new OssError(code, details.status ?? entry.status, details.message ?? entry.message, {
    ...details,
    ...(ec === undefined ? {} : { ec }),
  });
}

/** 400 `InvalidArgument` that names the argument. */
export function invalidArgument(name: string, value: string, message?: string, ec?: string): OssError {
  return refusal("InvalidArgument", {
    ...(message === undefined ? {} : { message }),
    ...(ec === undefined ? {} : { ec }),
    extras: { ArgumentName: name, ArgumentValue: value },
  });
}

/** The error document. */
export function errorXml(error: OssError, requestId: string, hostId: string): string {
  return xmlDocument("Error", [
    element("Code", error.code),
    element("Message", error.message),
    element("RequestId", requestId),
    element("HostId", hostId),
    ...Object.entries(error.extras).map(([name, value]) => element(name, value)),
    ...(error.ec === undefined
      ? []
      : [element("EC", error.ec), element("RecommendDoc", `https://api.aliyun.com/troubleshoot?q=${error.ec}`)]),
  ]);
}
