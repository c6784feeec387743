import { eventTypes } from '../../src/core/events.ts'
import { exampleOf } from './examples.ts'
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
    'One or more `v1,` signatures, separated by spaces.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
}

const parameters = Object.keys(webhookParameters).map((name) => ({ $ref: `#/components/parameters/${name}` }))

/** Every event type, as the request that a subscriber's server gets. */
export function webhooksOf(schemas: Record<string, Schema>): Record<string, PathItem> {
  const event = exampleOf({ $ref: '#/components/schemas/Event' }, schemas) as { [key: string]: Json }
  return Object.fromEntries(
    Object.entries(eventTypes).map(([type, { summary }]) => [
      type,
      {
        post: {
          operationId: `on.${type}`,
          tags: ['Events'],
          summary,
          description: `Sent as \`${type}\` to the webhooks subscribed to it.`,
          security: [],
          parameters,
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Event' },
                example: eventExample(event, type),
              },
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

function eventExample(event: { [key: string]: Json }, type: string): Json {
  const [objectType = '', state = ''] = type.split('.')
  const id = (event.object as { id: string }).id
  const idName = `${objectType.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())}Id`
  return {
    ...event,
    type,
    object: { ...(event.object as object), type: objectType },
    data: { to: state, [idName]: id },
  }
}
