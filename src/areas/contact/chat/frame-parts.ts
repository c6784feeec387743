import { z } from 'zod'
import { valueTexts } from '../../../core/value-texts.ts'
import { limits, refusalCodes } from './protocol.ts'

/** Schemas that both sockets share. They validate at run time and also make the AsyncAPI document. */

export const Id = z.uuid().toLowerCase().meta({ description: 'A UUIDv7.' })

export const Seq = z.int().min(0).meta({ description: 'A position in the log. The first entry is 1.' })

export const At = z.iso.datetime().meta({ description: 'RFC 3339, UTC, milliseconds.' })

export const RequestId = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'Chosen by the client; the reply to this request repeats it.' })

export const ClientKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, valueTexts.clientKey)
  .meta({
    description: 'Chosen and kept by the client: a repeat gets the first reply again, without a time limit.',
  })

export const Epoch = z.string().min(1).max(64).meta({
  description: 'Identifies the log to which `seq` belongs. If the epoch has changed, discard your copy.',
})

export const Ping = z.strictObject({ type: z.literal('ping'), id: RequestId.optional() }).meta({
  id: 'Ping',
  description:
    'Keeps the socket alive. Send it exactly as in the example: the reply is then the cheapest and fastest.',
  examples: [{ type: 'ping' }],
})

export const Pong = z
  .strictObject({ type: z.literal('pong'), id: RequestId.optional() })
  .meta({ id: 'Pong', description: 'The reply to `ping`.', examples: [{ type: 'pong' }] })

export const ErrorFrame = z
  .strictObject({
    type: z.literal('error'),
    id: RequestId.optional(),
    code: z.enum(refusalCodes).meta({
      description: 'A code of the problem catalogue: see `/problems/{code}`. New ones may come.',
    }),
    detail: z.string().optional().meta({ description: 'For developers: the refused value and the reason.' }),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
    retryAfterMs: z.int().min(0).optional().meta({ description: 'Milliseconds to wait before that.' }),
  })
  .meta({
    id: 'Error',
    description: 'The request was refused and had no effect.',
    examples: [
      { type: 'error', id: 'r7', code: 'rate_limited', retryable: true, retryAfterMs: 350 },
      { type: 'error', id: 'r8', code: 'message_rejected', retryable: false },
    ],
  })

export const Limits = z
  .strictObject({
    frameBytes: z.int().meta({ description: 'Bytes of a frame that you send.' }),
    textCharacters: z.int().meta({ description: 'Characters of the text of a message.' }),
    framesBurst: z
      .int()
      .meta({ description: 'Frames that you may send at once, from all devices together.' }),
    framesPerSecond: z.int().meta({ description: 'Frames a second after that.' }),
    missedEntries: z.int().meta({ description: 'Entries that a resumption brings; fetch more over HTTP.' }),
    missedBytes: z.int().meta({ description: 'Bytes that a resumption brings.' }),
    unheardBytes: z.int().meta({
      description: 'Bytes that are sent to you without a frame of yours before the socket is closed as slow.',
    }),
    socketsPerUser: z.int().meta({ description: 'Sockets that you may have open; the oldest is closed.' }),
  })
  .meta({ id: 'Limits', description: 'Limits of this socket.', examples: [limits] })

export type ErrorFrame = z.infer<typeof ErrorFrame>
