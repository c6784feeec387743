import { scopes } from '../../src/core/scopes.ts'
import { bodyLimitBytes } from '../../src/http/body.ts'

const scopeTable = [
  '| scope | opens |',
  '| --- | --- |',
  ...Object.entries(scopes).map(([name, description]) => `| \`${name}\` | ${description} |`),
].join('\n')

/** What every operation refers to, and no schema of ours generates. */
export const securitySchemes = {
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token, as every way to sign in answers it (`auth.verifyOtp`, `auth.login`, `auth.confirmRegistration`, ' +
      '`auth.verifyMfa`), as `auth.refresh` renews it, and as `auth.stepUp` and `me.confirmTotp` give it anew with the second ' +
      'factor in it: EdDSA, 15 minutes, verifiable with `/.well-known/jwks.json`. ' +
      'A WebSocket of a browser offers the subprotocols `khidma.v1, bearer.<token>` instead.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'khk_<12 hex digits>_<facts>.<secret>.<signature>',
    description:
      'An API key of `apiKeys.create`, for machines. The scopes an operation asks for stand beside it; operations that ' +
      `name no scope are not for keys.\n\n${scopeTable}`,
    'x-scopes': scopes,
  },
}

export const parameters = {
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    description:
      'The language of names and problem texts: `en` or `ar`. English where neither is acceptable.',
    schema: { type: 'string', example: 'ar-EG, en;q=0.5' },
  },
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description:
      'Names this call in both our logs; 8–128 characters of `A-Za-z0-9._:-`. Made up where it is missing.',
    schema: { type: 'string', minLength: 8, maxLength: 128 },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes a retry safe: for 24 hours the same key with the same request gives the same answer and no second effect. ' +
      'Yours alone; 1–255 printable ASCII characters, a UUID for example.',
    schema: { type: 'string', maxLength: 255, example: '6f1c4a52-0b0f-4c58-8b54-0f3c7a9c2f11' },
  },
  RequiredIdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'As everywhere, but required here, as money moves: the same key never moves it twice.',
    schema: { type: 'string', maxLength: 255, example: '6f1c4a52-0b0f-4c58-8b54-0f3c7a9c2f11' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag you last read: the change is refused with 412 if the thing has changed since.',
    schema: { type: 'string', example: '"v3.en"' },
  },
  RequiredIfMatch: {
    name: 'If-Match',
    in: 'header',
    required: true,
    description:
      'The ETag you last read, or `*`: required (428), as a lost update would hurt; 412 if it has changed since.',
    schema: { type: 'string', example: '"v3.en"' },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag you have: 304 without a body if it still stands.',
    schema: { type: 'string', example: '"v3.en"' },
  },
}

const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example })

export const headers = {
  RequestId: text('The id of this call.', '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'),
  RateLimitPolicy: text('Requests allowed (`q`) in a window of `w` seconds.', '"default";q=600;w=60'),
  RateLimit: text('Requests that remain (`r`) for `t` seconds.', '"default";r=598;t=41'),
  ServerTiming: text('Milliseconds in the database, and trips to it.', 'db;dur=3.1;desc="trips=1"'),
  ContentLanguage: text('The language of the texts.', 'en'),
  Location: text('Where to read what was made.', '/v1/tasks/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'),
  ETag: text('Names this version of the resource.', '"v3.en"'),
  IdempotencyReplayed: text(
    '`true` where this is the answer of an earlier request with the same key.',
    'true',
  ),
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
  InvalidValue: {
    type: 'object',
    required: ['pointer', 'message'],
    properties: {
      pointer,
      message: {
        type: 'string',
        description: 'What it must be, for people, in their language.',
        example: 'must be a number',
      },
    },
  },
  Problem: {
    type: 'object',
    description:
      'A refusal (RFC 9457). `code` is stable and meant for programs; the texts are for people and may change.',
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri', description: 'Where the code is explained.' },
      title: { type: 'string', description: 'In a few words, in the language asked for.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string', description: 'What to do about it.' },
      code: { type: 'string', description: 'What programs tell it by: see `/problems`.' },
      requestId: { type: 'string', description: 'Quote it when you ask us.' },
      errors: {
        description: 'Each value that was refused. Absent where none in particular was.',
        type: 'array',
        items: { $ref: '#/components/schemas/InvalidValue' },
      },
      challenge: {
        description: 'Of `mfa_required`, when signing in: answer it at `POST /v1/auth/mfa/verify`.',
        allOf: [{ $ref: '#/components/schemas/MfaChallenge' }],
      },
    },
    example: {
      type: 'https://api.khidma.example/problems/not_found',
      title: 'Nothing here',
      status: 404,
      detail: 'It does not exist, or it is not yours to see.',
      code: 'not_found',
      requestId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
    },
  },
}

export const info = {
  title: 'Khidma',
  version: '1.0.0',
  summary: 'The backend a local-services marketplace runs on.',
  description: `A client posts a task, a tasker accepts it, it becomes a booking, is done, paid and reviewed.

- **Errors** are \`application/problem+json\`; \`code\` is stable, \`errors\` points at each refused value, where it can be named. What you may not see is 404.
- **Lists** answer \`{ data, nextCursor }\`; send \`nextCursor\` back as \`cursor\` with the same filters, until it is null.
- **Retries** of any POST are safe with an \`Idempotency-Key\`. **Updates** of what others may change take \`If-Match\`.
- **Money** is an integer of minor units beside an ISO 4217 currency. **Times** are RFC 3339 in UTC. **Ids** are UUIDv7.
- **Bodies** are JSON of at most ${bodyLimitBytes / 1024} KiB; where nothing in one is required, it may be left out. Unknown fields and unknown query parameters are refused. Every response says what is left of your rate limit.

## Signing in and the second factor

There are two ways in: a code sent to a phone (\`auth.requestOtp\`, \`auth.verifyOtp\`: the first time, it makes the account), and a password (\`auth.register\` and \`auth.confirmRegistration\`, then \`auth.login\` with an e-mail address or a username). Both answer an access token, which lives for 15 minutes and goes into \`Authorization: Bearer …\`, and a refresh token: \`auth.refresh\` exchanges it for new ones of both, once. A refresh token that is used a second time ends its sessions.

What an app does when a call is refused: on 401 \`token_expired\` it refreshes once and repeats the call; on 401 \`session_ended\` (signed out, here or elsewhere) and on 401 \`invalid_refresh_token\` it forgets its tokens and shows the sign-in; on 403 \`account_suspended\` it says so, and neither refreshes nor tries again; on 401 \`unauthenticated\` it has sent no token, or none of ours. A wrong one-time code is 422: ask again.

Whoever has set up an authenticator app (\`me.enrolTotp\`, \`me.confirmTotp\`) is asked for it when signing in: the answer is 403 \`mfa_required\` with a \`challenge\`, which \`auth.verifyMfa\` takes together with the code of the app or a backup code. Staff must set one up: until then, what asks for a second factor answers 403 \`mfa_enrolment_required\`.

Some operations ask for a second factor that was shown within the last ten minutes; their descriptions say so. A token without one gets 403 \`mfa_required\`: take a challenge of \`auth.challengeMfa\`, answer it at \`auth.stepUp\`, and repeat the call with the access token that this answers. The refresh token stays.

## Who may do what

Every operation ends its description with what it asks of a caller, and carries the same for programs as \`x-policy\`: \`public\`, or \`roles\` (a caller has one), \`permission\` (what members of staff must have been granted as well: 403 \`permission_missing\` names it), \`relation\` (what the caller must be to the thing addressed: to strangers it is 404, to a known party of the wrong kind 403), \`stepUp\` (a fresh second factor) and \`scope\` (what an API key needs). Permissions come with roles: \`GET /v1/permissions\`, \`GET /v1/roles\`, \`GET /v1/me/roles\`.

## API keys

Machines call with a key of \`apiKeys.create\` in place of an access token, in the name of whoever made it: a key may do what its owner may do by now, within the scopes it was given, and never what asks for a second factor. An operation without a scope is not open to keys: 403 \`insufficient_scope\`. A key is shown once; \`apiKeys.rotate\` replaces it, with a time in which both work. One that has expired or was revoked gets 401 \`invalid_api_key\`.`,
  license: { name: 'Proprietary', identifier: 'LicenseRef-Khidma' },
}

export const servers = [
  { url: '/', description: 'The server that this document came from' },
  { url: 'https://api.khidma.example', description: 'Production' },
]
