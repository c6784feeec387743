import { z } from 'zod'
import {
  ChannelAck,
  ChannelWelcome,
  channelClientFrames,
  channelServerFrames,
  OfferAck,
  pushFrames,
} from '../../src/areas/contact/chat/channel-frames.ts'
import { ErrorFrame, Ping, Pong } from '../../src/areas/contact/chat/frame-parts.ts'
import * as frames from '../../src/areas/contact/chat/frames.ts'
import {
  type CloseReason,
  closeCodes,
  closeReasons,
  socketProtocol,
} from '../../src/areas/contact/chat/protocol.ts'

/** The AsyncAPI 3 document of the two sockets, from the schemas that the objects validate with. */

type Json = Record<string, unknown>

interface FrameMeta {
  id: string
  description: string
  examples: Json[]
}

/** Returns what the schema says of itself; a frame without a name, a description and an example is not documented. */
function metaOf(schema: z.ZodType): FrameMeta {
  const { id, description, examples } = schema.meta() ?? {}
  if (!id || !description || !Array.isArray(examples) || examples.length === 0) {
    throw new Error(`A frame needs id, description and examples: ${JSON.stringify(schema.meta())}`)
  }
  return { id, description, examples: examples as Json[] }
}

const typeOf = (schema: z.ZodType): string => String(metaOf(schema).examples[0]?.type)

interface Request {
  frame: z.ZodType
  /** Replies to the frame; absent where its sender gets no answer but a push. */
  reply?: z.ZodType[]
}

interface Channel {
  name: string
  address: string
  title: string
  description: string
  requests: Request[]
  pushes: readonly z.ZodType[]
  all: readonly z.ZodType[]
}

const answered = [frames.Ack, ErrorFrame]

const channels: Channel[] = [
  {
    name: 'conversation',
    address: '/v1/conversations/{conversationId}/socket',
    title: 'Conversation',
    description:
      'Chat between the participants of a conversation. Every message, edit, deletion, reaction, system note and change of participants is an entry of one log with a gapless `seq`. Each socket receives every entry once, in order; its own entries arrive as acks. `hello {epoch, afterSeq}` resumes with everything missed.',
    requests: [
      { frame: frames.Hello, reply: [frames.Welcome, ErrorFrame] },
      { frame: frames.Send, reply: answered },
      { frame: frames.Edit, reply: answered },
      { frame: frames.Delete, reply: answered },
      { frame: frames.React, reply: answered },
      { frame: frames.Read, reply: answered },
      { frame: frames.Delivered, reply: answered },
      { frame: frames.Typing, reply: answered },
      { frame: Ping, reply: [Pong] },
    ],
    pushes: [
      ...frames.entryFrames,
      frames.ReadPush,
      frames.DeliveredPush,
      frames.TypingPush,
      frames.PresencePush,
    ],
    all: [...frames.clientFrames, ...frames.serverFrames],
  },
  {
    name: 'user',
    address: '/v1/me/socket',
    title: 'User channel',
    description:
      'Live pushes to a device: offers, changes of bookings and tasks, notifications, unread counts. One socket per device. Pushes are kept for 7 days, at most 500, for devices that were offline.',
    requests: [
      { frame: frames.Hello, reply: [ChannelWelcome, ErrorFrame] },
      { frame: OfferAck, reply: [ChannelAck, ErrorFrame] },
      { frame: Ping, reply: [Pong] },
    ],
    pushes: pushFrames,
    all: [...channelClientFrames, ...channelServerFrames],
  },
]

const ref = (path: string): Json => ({ $ref: `#/${path}` })
const unique = <T>(list: readonly T[]): T[] => [...new Set(list)]
const byKey = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

export function asyncApiDocument(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Khidma sockets',
      version: '1.0.0',
      description: [
        `Two WebSockets beside the HTTP API, both with the subprotocol \`${socketProtocol}\`: one JSON object per text frame.`,
        'Send the access token in `Authorization` or, where a client cannot set headers, as a second subprotocol `bearer.<token>`; never in the URL. A socket closes when its token expires.',
        'Requests have an `id` of your choice and get exactly one reply with the same `id`; pushes have none. Errors have codes of the catalogue at `/problems`.',
        'Close codes 40xx: reconnect with back-off and resume. 45xx: do not reconnect until the stated cause has changed. 1009: a frame was too large; reconnect, and do not send it again.',
      ].join('\n\n'),
    },
    defaultContentType: 'application/json',
    servers: {
      production: {
        host: 'api.khidma.example',
        protocol: 'wss',
        description: 'The same origin as the HTTP API.',
        security: [ref('components/securitySchemes/accessToken')],
      },
    },
    channels: Object.fromEntries(channels.map((channel) => [channel.name, channelOf(channel)])),
    operations: Object.fromEntries(channels.flatMap(operationsOf)),
    components: {
      messages: byKey(
        Object.fromEntries(
          unique(channels.flatMap(({ all }) => all)).map((f) => [metaOf(f).id, messageOf(f)]),
        ),
      ),
      schemas: schemas(),
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'The access token of `auth.verifyOtp` or `auth.refresh`; or an API key that has the scope `sockets:connect`.',
        },
      },
    },
  }
}

function channelOf({ address, title, description, all }: Channel): Json {
  const hasParameter = address.includes('{')
  return {
    address,
    title,
    description,
    servers: [ref('servers/production')],
    ...(hasParameter && { parameters: { conversationId: { description: 'The id of the conversation.' } } }),
    messages: Object.fromEntries(
      unique(all).map((frame) => [metaOf(frame).id, ref(`components/messages/${metaOf(frame).id}`)]),
    ),
    bindings: {
      ws: {
        method: 'GET',
        headers: {
          title: `${title.replaceAll(' ', '')}Headers`,
          type: 'object',
          properties: {
            Authorization: { type: 'string', description: 'Bearer <access token>' },
            'Sec-WebSocket-Protocol': {
              type: 'string',
              description: `\`${socketProtocol}\`, or \`${socketProtocol}, bearer.<access token>\``,
            },
          },
        },
        bindingVersion: '0.1.0',
      },
    },
    'x-close-codes': Object.fromEntries(
      (Object.keys(closeCodes) as CloseReason[]).map((reason) => [
        closeCodes[reason],
        { name: reason, description: closeReasons[reason] },
      ]),
    ),
  }
}

/** Seen from the server: it receives requests, each with its reply, and sends pushes. */
function operationsOf({ name, requests, pushes }: Channel): [string, Json][] {
  const channel = ref(`channels/${name}`)
  const messages = (list: readonly z.ZodType[]) =>
    list.map((frame) => ref(`channels/${name}/messages/${metaOf(frame).id}`))
  return [
    ...requests.map(({ frame, reply }): [string, Json] => [
      `${name}.${typeOf(frame)}`,
      {
        action: 'receive',
        channel,
        title: metaOf(frame).id,
        description: metaOf(frame).description,
        messages: messages([frame]),
        ...(reply && { reply: { channel, messages: messages(reply) } }),
      },
    ]),
    [
      `${name}.push`,
      {
        action: 'send',
        channel,
        title: 'Pushes',
        description: 'Pushes to every socket that has sent `hello`.',
        messages: messages(pushes),
      },
    ],
  ]
}

function messageOf(frame: z.ZodType): Json {
  const { id, description, examples } = metaOf(frame)
  return {
    name: typeOf(frame),
    title: id,
    description,
    contentType: 'application/json',
    payload: ref(`components/schemas/${id}`),
    examples: examples.map((payload) => ({ payload })),
  }
}

/** Gives every inner object, constant and choice a title: what is generated from it has a name then. */
function titled(schema: Json, title: string): Json {
  const inner = (part: unknown, name: string) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? titled(part as Json, name) : part
  const parts = Object.entries((schema.properties ?? {}) as Json).map(([name, part]) => [
    name,
    inner(part, title + name.charAt(0).toUpperCase() + name.slice(1)),
  ])
  const isNamed = schema.$ref !== undefined || schema.title !== undefined
  const isType = schema.type === 'object' || schema.const !== undefined || schema.enum !== undefined
  return {
    ...(!isNamed && (isType || schema.anyOf || schema.oneOf) ? { title } : {}),
    ...(schema.const !== undefined && { description: `Always \`${schema.const}\`.` }),
    ...schema,
    ...(schema.properties !== undefined && { properties: Object.fromEntries(parts) }),
    ...(schema.items !== undefined && { items: inner(schema.items, `${title}Item`) }),
    ...(Array.isArray(schema.anyOf) && {
      anyOf: schema.anyOf.map((part, i) => inner(part, `${title}${i + 1}`)),
    }),
  }
}

function schemas(): Json {
  const { schemas: generated } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
    // AsyncAPI's own schema language is a superset of draft 7.
    target: 'draft-07',
    override: ({ jsonSchema }) => {
      // The format says it; the pattern behind it helps no reader.
      if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern
      if (jsonSchema.oneOf) Object.assign(jsonSchema, { discriminator: 'type' })
    },
  })
  return byKey(
    Object.fromEntries(
      Object.entries(generated).map(([name, { $schema: _schema, $id: _id, id: _name, ...schema }]) => [
        name,
        titled(schema, name),
      ]),
    ),
  )
}
