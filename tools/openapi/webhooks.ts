import { z } from 'zod'
import { eventData } from '../../src/areas/event-data.ts'
import { machines } from '../../src/areas/index.ts'
import { type EventObjectType, eventObjects } from '../../src/core/event-objects.ts'
import { type EventTypeName, eventTypes } from '../../src/core/events.ts'
import { testEventType } from '../../src/http/event-schema.ts'
import type { NamedEnum } from './enums.ts'
import { eventSamples } from './event-samples.ts'
import { fieldWords, withArticle } from './event-words.ts'
import { idOf } from './example-ids.ts'
import type { Json, PathItem, Schema } from './json.ts'

const header = (name: string, description: string, example: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
  example,
})

/** Standard Webhooks (standardwebhooks.com). */
export const webhookParameters = {
  WebhookId: header(
    'webhook-id',
    'The id of the event: the same on every attempt.',
    '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  ),
  WebhookTimestamp: header('webhook-timestamp', 'Time of this attempt, in seconds since 1970.', '1795249800'),
  WebhookSignature: header(
    'webhook-signature',
    'Signatures, separated by spaces: `v1` (HMAC-SHA256) by the secret of the webhook, `v1a` (Ed25519) by our key. Two of a kind while one key replaces another.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  ),
}

const parameters = Object.keys(webhookParameters).map((name) => ({ $ref: `#/components/parameters/${name}` }))

interface EventKind {
  type: string
  summary: string
  data: z.ZodType
}

const kinds: EventKind[] = [
  ...Object.entries(eventTypes).map(([type, { summary }]) => ({
    type,
    summary,
    data: eventData[type as EventTypeName] as z.ZodType,
  })),
  { type: testEventType, summary: 'You asked for a test of your webhook', data: z.strictObject({}) },
]

const pascalCase = (text: string): string =>
  text.replace(/(?:^|[_.])([a-z])/g, (_match, letter: string) => letter.toUpperCase())

const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** A schema for each type of event, distinguished by `type`, and one for the data of each kind of object. */
export function eventSchemasOf(schemas: Record<string, Schema>): Record<string, Schema> {
  const made: Record<string, Schema> = {}
  const envelope = schemas.Event as Schema
  made.EventObjectType = { ...schemas.EventObjectType, 'x-fetch': eventObjects }
  for (const kind of kinds) {
    const data = dataNameOf(kind)
    made[data] ??= dataSchemaOf(kind)
    made[eventNameOf(kind)] = {
      type: 'object',
      description: `${kind.summary}.`,
      properties: {
        ...envelope.properties,
        type: { type: 'string', const: kind.type, description: 'Type of the event.' },
        data: refTo(data),
      },
      required: envelope.required ?? [],
    }
  }
  made.Event = {
    description:
      'An event, whether pushed to a webhook or pulled. Its `data` has ids and states, never personal data: fetch the object for more. New types may come.',
    oneOf: kinds.map((kind) => refTo(eventNameOf(kind))),
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(
        kinds.map((kind) => [kind.type, `#/components/schemas/${eventNameOf(kind)}`]),
      ),
    },
    example: exampleEvent(kinds.find(({ type }) => type === 'task.posted') as EventKind),
  }
  return made
}

const eventNameOf = ({ type }: EventKind): string => `${pascalCase(type)}Event`

/** Types of one object whose data are alike share a schema; one that tells more has its own. */
function dataNameOf({ type, data }: EventKind): string {
  const object = type.split('.')[0] as string
  const usual = kinds.find((kind) => kind.type.startsWith(`${object}.`))
  return `${pascalCase(usual?.data === data ? object : type)}EventData`
}

function dataSchemaOf({ type, data }: EventKind): Schema {
  const {
    $schema: _schema,
    additionalProperties: _closed,
    ...schema
  } = z.toJSONSchema(data) as Schema & {
    $schema?: string
  }
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const description = fieldWords(type, name)
    if (description === undefined) throw new Error(`event-words.ts does not describe ${name} of ${type}`)
    for (const inner of [part, part.items ?? {}])
      if (inner.format) delete (inner as { pattern?: string }).pattern
    part.description = description
  }
  return {
    ...schema,
    description: `Data of events about ${withArticle(type.split('.')[0] as string)}. Fields may be added.`,
  }
}

/** Machines whose states have another name in the API than that of the machine. */
const statesCalled: Record<string, string> = {
  payment_intent: 'PaymentStatus',
  task: 'TaskState',
  user: 'AccountStatus',
}

/** States, actions and parties in the data of events, by the machine that makes the change. */
export function eventEnums(): Record<string, NamedEnum> {
  const places: Record<string, string[]> = {}
  const descriptions: Record<string, string> = {
    EventParty:
      'Party that makes a change: who takes part in the object, `ops` (staff), a `provider` of ours, or the `system` by itself.',
  }
  const seen = new Set<string>()
  for (const kind of kinds) {
    const data = dataNameOf(kind)
    if (seen.has(data) || !('action' in (kind.data as z.ZodObject).shape)) continue
    seen.add(data)
    const machine = machines.find(({ transitions }) => transitions.some(({ event }) => event === kind.type))
    if (!machine) throw new Error(`${kind.type} is of no machine, and has an action`)
    const [states, actions] = [statesCalled[machine.name], `${pascalCase(machine.name)}Action`]
    descriptions[actions] = `Action that changes the state of ${withArticle(machine.name)}.`
    for (const [name, field] of [
      [states ?? `${pascalCase(machine.name)}Status`, 'from'],
      [states ?? `${pascalCase(machine.name)}Status`, 'to'],
      [actions, 'action'],
      ['EventParty', 'party'],
    ] as const)
      places[name] = [...(places[name] ?? []), `${data}.${field}`]
  }
  return Object.fromEntries(
    Object.entries(places).map(([name, at]) => {
      const description = descriptions[name]
      return [name, description === undefined ? { at } : { description, at }]
    }),
  )
}

/** Every event type, as the request that a subscriber's server gets. */
export function webhooksOf(): Record<string, PathItem> {
  return Object.fromEntries(
    kinds.map((kind) => [
      kind.type,
      {
        post: {
          operationId: `on.${kind.type}`,
          tags: ['Events'],
          summary: kind.summary,
          description: `Sent as \`${kind.type}\` to the webhooks subscribed to it. ${fetchedBy(kind)}`,
          security: [],
          parameters,
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: refTo(eventNameOf(kind)), example: exampleEvent(kind) },
            },
          },
          responses: {
            '2XX': { description: 'Received. Any other response is retried, for several days.' },
            '410': { description: 'Gone: the webhook is deactivated.' },
          },
        },
      },
    ]),
  )
}

function fetchedBy({ type }: EventKind): string {
  const object = eventSamples[type]?.object.type ?? 'webhook'
  const paths = eventObjects[object as EventObjectType].map((path) => `\`GET ${path}\``)
  return `Its object: ${paths.join(', or ')}.`
}

/** As a test has seen it sent; a test of a webhook is in no outbox. */
function exampleEvent({ type }: EventKind): Json {
  const isTest = type === testEventType
  const sample = isTest
    ? { object: { type: 'webhook', id: idOf('webhook'), sequence: 0 }, data: {} }
    : eventSamples[type]
  if (!sample) throw new Error(`${type} has no example: run a test that causes it with UPDATE=1`)
  return {
    id: idOf('event'),
    type,
    createdAt: '2026-11-21T08:30:00.000Z',
    timestamp: '2026-11-21T08:30:00.000Z',
    sequence: isTest ? 0 : 4711,
    webhookId: idOf('webhook'),
    ...(isTest && { sample: true }),
    ...sample,
  }
}
