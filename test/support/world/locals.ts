import { createHmac } from 'node:crypto'

const gatewayEvent = {
  id: 'evt_world',
  object: 'event',
  type: 'payment_intent.succeeded',
  livemode: false,
  data: { object: { id: 'pi_world', object: 'payment_intent' } },
}

/** Headers that an operation needs beside those of every call: a gateway signs its events. */
export const localHeaders: Record<string, () => Record<string, string>> = {
  'gateways.receiveEvent': () => {
    const seconds = Math.floor(Date.now() / 1000)
    const signed = `${seconds}.${JSON.stringify(gatewayEvent)}`
    return {
      'stripe-signature': `t=${seconds},v1=${createHmac('sha256', 'whsec_world').update(signed).digest('hex')}`,
    }
  },
}

/** Bodies in place of the example, where the example would reach out of this machine, or names objects of another one. */
export const localBodies: Record<string, unknown> = {
  'webhooks.create': { url: 'http://127.0.0.1:9/hook', events: ['task.failed'] },
  'gateways.receiveEvent': gatewayEvent,
  'contracts.proposeAmendment': {
    terms: { title: 'Kitchen renovation', scope: 'Remove the old kitchen, lay tiles.' },
    milestones: [{ title: 'Damp wall dried', amountMinor: 40_000 }],
    reason: 'The wall behind the kitchen is damp.',
  },
}

/** Added to the query, where a call without it would read all that the other tests have left. */
export const localQueries: Record<string, string> = { 'audit.export': 'maxRows=100' }

/** Values of a PATCH that must be new each time, in place of the example. */
export const freshValues: Record<string, Record<string, () => unknown>> = {}

/** Fields that follow from another one: a PATCH of the first changes the second as well. */
export const derivedFields: Record<string, Record<string, string[]>> = {
  'addons.update': { names: ['name'], descriptions: ['description'] },
  'categories.update': { names: ['name'], descriptions: ['description'] },
  'tasks.updatePhoto': { caption: ['photos'], isPrimary: ['photos'] },
  'reviews.update': { comment: ['submittedAt'] },
  'tasks.update': { estMinutes: ['estMinAmount', 'estMaxAmount'] },
}
