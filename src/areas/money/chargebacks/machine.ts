import { defineMachine } from '../../../core/machine.ts'

const payment = { table: 'payment_intents', key: 'id', equals: 'intent_id' }

/** The payer asks their bank, not us: only the tasker hears of it. */
export const chargebackMachine = defineMachine({
  name: 'chargeback',
  table: 'chargebacks',
  column: 'status',
  states: ['open', 'won', 'lost'],
  people: { tasker: { column: 'payee_id', in: payment } },
  eventData: { paymentId: 'new.intent_id' },
  transitions: [
    { name: 'opened', from: [null], to: 'open', by: ['provider', 'system'], event: 'chargeback.opened' },
    { name: 'win', from: ['open'], to: 'won', by: ['provider', 'system'], event: 'chargeback.won' },
    { name: 'lose', from: ['open'], to: 'lost', by: ['provider', 'system'], event: 'chargeback.lost' },
  ],
})
