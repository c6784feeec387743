import { scopes } from '../../src/areas/api-keys/scopes.ts'
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
      'An access token of `auth.verifyOtp` or `auth.refresh`: EdDSA, 15 minutes, verifiable with `/.well-known/jwks.json`. ' +
      'A WebSocket of a browser offers the subprotocols `khidma.v1, bearer.<token>` instead.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'khk_<prefix>_<facts>.<secret>.<signature>',
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
  ETag: text('Names this version of the resource.', '"v3.en"'),
  IdempotencyReplayed: text(
    '`true` where this is the answer of an earlier request with the same key.',
    'true',
  ),
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' }, example: 1 },
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
      message: { type: 'string', example: 'Invalid input: expected number, received string' },
    },
  },
  Problem: {
    type: 'object',
    description:
      'A refusal (RFC 9457). `code` is stable and meant for programs; the texts are for people and may change.',
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri', description: 'Where the code is explained.' },
      title: { type: 'string' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string' },
      code: { type: 'string' },
      requestId: { type: 'string', description: 'Quote it when you ask us.' },
      errors: { type: 'array', items: { $ref: '#/components/schemas/InvalidValue' } },
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

- **Errors** are \`application/problem+json\`; \`code\` is stable, \`errors\` points at each refused value. What you may not see is 404.
- **Lists** answer \`{ data, nextCursor }\`; send \`nextCursor\` back as \`cursor\` with the same filters, until it is null.
- **Retries** of any POST are safe with an \`Idempotency-Key\`. **Updates** of what others may change take \`If-Match\`.
- **Money** is an integer of minor units beside an ISO 4217 currency. **Times** are RFC 3339 in UTC. **Ids** are UUIDv7.
- **Bodies** are JSON of at most ${bodyLimitBytes / 1024} KiB; an unknown field is refused. Every response says what is left of your rate limit.`,
  license: { name: 'Proprietary', identifier: 'LicenseRef-Khidma' },
}

export const servers = [
  { url: '/', description: 'The server that this document came from' },
  { url: 'https://api.khidma.example', description: 'Production' },
]
