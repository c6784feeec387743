import { locales } from '../../src/core/context.ts'
import { invalidValueCodes, problems } from '../../src/core/problems.ts'
import { scopes } from '../../src/core/scopes.ts'
import { contentLocales } from '../../src/core/translations.ts'
import { bodyLimitBytes } from '../../src/http/body.ts'

const scopeTable = [
  '| scope | opens |',
  '| --- | --- |',
  ...Object.entries(scopes).map(([name, description]) => `| \`${name}\` | ${description} |`),
].join('\n')

/** "`en` or `ar`" */
const listed = (codes: readonly string[]): string =>
  codes
    .map((code) => `\`${code}\``)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')

/** Security schemes: every operation refers to them, and no schema of ours generates them. */
export const securitySchemes = {
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token, issued at sign-in (`auth.verifyOtp`, `auth.login`, `auth.confirmRegistration`, `auth.verifyMfa`), ' +
      'renewed by `auth.refresh`, and reissued with the second factor by `auth.stepUp` and `me.confirmTotp`. Signed with EdDSA, ' +
      'valid for 15 minutes, verifiable with `/.well-known/jwks.json` as RFC 8725 (RFC8725) advises. ' +
      'A WebSocket in a browser offers the subprotocols `khidma.v1, bearer.<token>` instead.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'khk_<12 hex digits>_<facts>.<secret>.<signature>',
    description:
      'An API key from `apiKeys.create`, for programs. Each operation names the scope that it requires; operations without ' +
      `a scope are not available to keys.\n\n${scopeTable}`,
    'x-scopes': scopes,
  },
}

export const parameters = {
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    description:
      `Preferred languages, best first. Names and descriptions are in ${listed(contentLocales)}: where none of them is acceptable, ` +
      `in the default language of the platform, else in English. Problem texts are in ${listed(locales)}, else in English.`,
    schema: { type: 'string', example: 'ar-EG, en;q=0.5' },
  },
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description:
      'Identifies the call in your logs and ours; 8–128 characters of `A-Za-z0-9._:-`. Generated if missing.',
    schema: { type: 'string', minLength: 8, maxLength: 128 },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes retries safe: for 24 hours, the same key with the same request returns the same response without a second effect. ' +
      'Unique per caller; 1–255 printable ASCII characters, such as a UUID.',
    schema: { type: 'string', maxLength: 255, example: '6f1c4a52-0b0f-4c58-8b54-0f3c7a9c2f11' },
  },
  RequiredIdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'Required, because the operation moves money: the same key never moves it twice.',
    schema: { type: 'string', maxLength: 255, example: '6f1c4a52-0b0f-4c58-8b54-0f3c7a9c2f11' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag that you last read. If the resource has changed since, the response is 412.',
    schema: { type: 'string', example: '"v3.en"' },
  },
  RequiredIfMatch: {
    name: 'If-Match',
    in: 'header',
    required: true,
    description:
      'The ETag that you last read, or `*`. Required (428), to prevent lost updates. If the resource has changed since, the response is 412.',
    schema: { type: 'string', example: '"v3.en"' },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description:
      'The ETag that you have. If the resource has not changed, the response is 304 without a body.',
    schema: { type: 'string', example: '"v3.en"' },
  },
}

const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example })

export const headers = {
  RequestId: text('Id of the call.', '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'),
  RateLimitPolicy: text('Requests allowed (`q`) per window of `w` seconds.', '"default";q=600;w=60'),
  RateLimit: text('Requests remaining (`r`) for the next `t` seconds.', '"default";r=598;t=41'),
  ServerTiming: text(
    'Milliseconds spent in the database, the number of round trips, and how many of them called a function with kept plans.',
    'db;dur=3.1;desc="round-trips=1 planned=1"',
  ),
  ContentLanguage: text('Language of the texts.', 'en'),
  Location: text('Path of the created resource.', '/v1/tasks/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'),
  ETag: text('Identifies this version of the resource.', '"v3.en"'),
  IdempotencyReplayed: text(
    '`true` if this is the response to an earlier request with the same key.',
    'true',
  ),
  WwwAuthenticate: text('How to authenticate, and what was wrong with the token.', 'Bearer realm="khidma"'),
  Accept: text('Media type that bodies are taken in.', 'application/json'),
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' }, example: 1 },
}

/** Refusals that are made before a call reaches the Worker. */
export const responses = {
  UriTooLong: {
    description:
      'The address is longer than 64 KiB, or than the network in between allows (Cloudflare: 16 KB). Refused before it is read, so that it is no problem document.',
    content: { 'text/plain': { schema: { type: 'string' }, example: 'URI too long' } },
  },
}

const pointer = {
  type: 'string',
  description: 'An RFC 6901 pointer into the body, or `query/name`, `path/name`, `header/name`.',
  example: '/location/lat',
}

export const schemas = {
  InvalidValueCode: {
    type: 'string',
    description:
      'What is wrong with the value, for programs. `invalid`: a rule of its own, which `message` states. `refused`: the code of the problem says why.',
    enum: [...invalidValueCodes],
    example: 'wrong_type',
  },
  InvalidValue: {
    type: 'object',
    description: 'A value of the request that is not accepted.',
    required: ['pointer', 'code', 'message'],
    properties: {
      pointer,
      code: { $ref: '#/components/schemas/InvalidValueCode' },
      message: {
        type: 'string',
        description: 'What the value must be, in the requested language.',
        example: 'must be a number',
      },
    },
  },
  ProblemCode: {
    type: 'string',
    description:
      'Stable code of a problem, for programs. New ones may come: treat one that you do not know by its status.',
    enum: Object.keys(problems).sort(),
    example: 'not_found',
    'x-problems': Object.fromEntries(
      Object.entries(problems).map(([code, { status, title, cause, remedy }]) => [
        code,
        { status, title: title.en, cause, remedy },
      ]),
    ),
  },
  Problem: {
    type: 'object',
    description:
      'An error response (RFC 9457). `code` is stable and meant for programs; the texts are for people and may change.',
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri', description: 'Address of the documentation of the code.' },
      title: { type: 'string', description: 'Short summary, in the requested language.' },
      status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status.' },
      detail: { type: 'string', description: 'Explanation and remedy, in the requested language.' },
      code: { $ref: '#/components/schemas/ProblemCode' },
      requestId: { type: 'string', description: 'Id of the call, to be quoted in support requests.' },
      errors: {
        description: 'Invalid values. Absent if the problem is not about particular values.',
        type: 'array',
        items: { $ref: '#/components/schemas/InvalidValue' },
      },
      challenge: {
        description: 'For `mfa_required` at sign-in: to be answered at `POST /v1/auth/mfa/verify`.',
        allOf: [{ $ref: '#/components/schemas/MfaChallenge' }],
      },
    },
    example: {
      type: 'https://api.khidma.example/problems/not_found',
      title: 'Not found',
      status: 404,
      detail: 'It does not exist, or you do not have access to it.',
      code: 'not_found',
      requestId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
    },
  },
}

export const info = {
  title: 'Khidma',
  version: '1.0.0',
  summary: 'The backend a local-services marketplace runs on.',
  description: `A client posts a task, a tasker accepts it, and it becomes a booking, which is carried out, paid and reviewed.

- **Errors** are \`application/problem+json\`. \`code\` is stable; \`errors\` points at the invalid values, if any. Resources that you may not see are 404.
- **Lists** return \`{ data, nextCursor }\`. Send \`nextCursor\` back as \`cursor\`, with the same filters, until it is null.
- **Retries** of any POST are safe with an \`Idempotency-Key\`. **Updates** of shared resources take \`If-Match\`.
- **Money** is an integer in minor units with an ISO 4217 currency. **Times** are RFC 3339 in UTC. **Ids** are UUIDv7.
- **Bodies** are JSON of at most ${bodyLimitBytes / 1024} KiB; a body without required fields can be omitted. Unknown fields and query parameters are rejected. Every response states the remaining rate limit.

## Signing in and the second factor

There are two ways to sign in: with a code sent to a phone (\`auth.requestOtp\` returns a \`verificationId\`, which \`auth.verifyOtp\` takes together with the code; the first sign-in creates the account), or with a password (\`auth.register\` and \`auth.confirmRegistration\`, then \`auth.login\` with an e-mail address or a username). Both return an access token, valid for 15 minutes and sent as \`Authorization: Bearer …\`, and a refresh token, which \`auth.refresh\` exchanges once for a new pair. Reusing a refresh token ends its sessions. Keep the \`deviceToken\` of the response as well, also after signing out, and send it with the next \`auth.requestOtp\`: strangers who request codes for your number then cannot keep you from signing in.

How an app handles rejected calls: on 401 \`token_expired\`, refresh once and repeat the call; on 401 \`session_ended\` (signed out, here or elsewhere) or 401 \`invalid_refresh_token\`, discard the tokens and show the sign-in screen; on 403 \`account_suspended\`, tell the user, and neither refresh nor retry; on 401 \`unauthenticated\`, the token is missing or was not issued here. A wrong one-time code is 422: ask again.

Users who have set up an authenticator app (\`me.enrolTotp\`, \`me.confirmTotp\`) are asked for it at sign-in: the response is 403 \`mfa_required\` with a \`challenge\`, which \`auth.verifyMfa\` takes together with a code from the app or a backup code. Staff must set one up; until then, operations that require a second factor respond with 403 \`mfa_enrolment_required\`.

Some operations require a second factor that was confirmed within the last ten minutes; their descriptions say so. Otherwise the response is 403 \`mfa_required\`: request a challenge from \`auth.challengeMfa\`, answer it with \`auth.stepUp\`, and repeat the call with the access token returned there. The refresh token stays valid.

## Authorization

The description of every operation ends with its requirements, which are also given as \`x-policy\` for programs: \`public\`, or \`roles\` (the caller has one of them), \`permission\` (which staff need in addition; 403 \`permission_missing\` names it), \`relation\` (what the caller must be to the resource, \`who\`, or to what it belongs to, \`of\`; \`orStaff\`: staff are let in as well. Strangers get 404, parties in another role 403), \`stepUp\` (a recently confirmed second factor) and \`scope\` (which API keys need). Permissions come with roles: \`GET /v1/permissions\`, \`GET /v1/roles\`, \`GET /v1/me/roles\`.

## API keys

Programs use a key from \`apiKeys.create\` in place of an access token and act on behalf of its owner: a key may do what its owner may currently do, within its scopes, and never anything that requires a second factor. Operations without a scope are not available to keys: 403 \`insufficient_scope\`. A key is shown only once. \`apiKeys.rotate\` replaces it, with a period in which both work. An expired or revoked key gets 401 \`invalid_api_key\`.`,
  contact: {
    name: 'Khidma API support',
    email: 'api@khidma.example',
    url: 'https://api.khidma.example/docs',
  },
  license: { name: 'Proprietary', url: 'https://api.khidma.example/license.txt' },
}

export const servers = [
  {
    url: '/',
    description: 'The server that served this document: production, staging or your own machine',
    'x-internal': false,
  },
  { url: 'https://api.khidma.example', description: 'Production', 'x-internal': false },
]
