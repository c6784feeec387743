import { z } from 'zod'

/** What both sockets share. The same schemas validate at run time and make the AsyncAPI document. */

export const socketProtocol = 'khidma.v1'

/** What a client must live with; sent in every `welcome`. */
export const limits = {
  frameBytes: 32 * 1024,
  textCharacters: 4_000,
  /** A token bucket for each user, all devices together. */
  framesBurst: 60,
  framesPerSecond: 20,
  /** The most that a resumption brings; who missed more fetches over HTTP. */
  missedEntries: 500,
  missedBytes: 512 * 1024,
  /** A socket that was sent so much without a sign of life (any frame, a ping) is closed as slow. */
  unheardBytes: 1024 * 1024,
  socketsPerUser: 8,
} as const

/** 40xx: reconnect and resume. 45xx: do not, until what the code names has changed. */
export const closeCodes = {
  restart: 4000,
  slowConsumer: 4008,
  replaced: 4009,
  tokenExpired: 4501,
  removed: 4503,
  blocked: 4504,
  protocolError: 4509,
} as const

export type CloseReason = keyof typeof closeCodes

export const closeReasons: Record<CloseReason, string> = {
  restart: 'The object restarts: reconnect and resume.',
  slowConsumer: 'Too much was sent without a sign of life from you: reconnect, resume, and ping.',
  replaced: 'You have opened more sockets than one person may: the oldest gave way.',
  tokenExpired: 'The access token has expired or its session has ended: get a new one first.',
  removed: 'You are no longer part of this conversation.',
  blocked: 'You may not take part for now.',
  protocolError: 'What you sent is not of this protocol: a frame that is too large, binary, or not JSON.',
}

export const Id = z.uuid().toLowerCase().meta({ description: 'A UUIDv7.' })

export const Seq = z.int().min(0).meta({ description: 'A position in the log. The first entry is 1.' })

export const At = z.iso.datetime().meta({ description: 'RFC 3339, UTC, milliseconds.' })

export const RequestId = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'Yours to choose; the one reply to this request echoes it.' })

/** Postgres can store neither, and one such message would stop the archive. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

export const ClientKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .meta({ description: 'Chosen and kept by the client: a repeat gets the first answer again, for ever.' })

export const Epoch = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'Names the log that `seq` counts in. Another epoch: what you hold is void.' })

export const Ping = z.strictObject({ type: z.literal('ping'), id: RequestId.optional() }).meta({
  id: 'Ping',
  description: 'A sign of life. Sent exactly as in the example it is answered without waking the object.',
  examples: [{ type: 'ping' }],
})

export const Pong = z
  .strictObject({ type: z.literal('pong'), id: RequestId.optional() })
  .meta({ id: 'Pong', description: 'The answer to a ping.', examples: [{ type: 'pong' }] })

export const ErrorFrame = z
  .strictObject({
    type: z.literal('error'),
    id: RequestId.optional(),
    code: z.string().meta({ description: 'A code of the problem catalogue: see `/problems/{code}`.' }),
    detail: z.string().optional().meta({ description: 'For developers: which value was refused, and why.' }),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
    retryAfterMs: z.int().min(0).optional(),
  })
  .meta({
    id: 'Error',
    description: 'A request was refused; nothing of it took effect.',
    examples: [
      { type: 'error', id: 'r7', code: 'rate_limited', retryable: true, retryAfterMs: 350 },
      { type: 'error', id: 'r8', code: 'message_rejected', retryable: false },
    ],
  })

export const Limits = z
  .strictObject({
    frameBytes: z.int(),
    textCharacters: z.int(),
    framesBurst: z.int(),
    framesPerSecond: z.int(),
    missedEntries: z.int(),
    missedBytes: z.int(),
    unheardBytes: z.int(),
    socketsPerUser: z.int(),
  })
  .meta({ id: 'Limits', description: 'What this socket accepts and keeps.', examples: [limits] })

export type ErrorFrame = z.infer<typeof ErrorFrame>
