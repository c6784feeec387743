import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRefund } from '../../../src/areas/money/payments/refunds.ts'
import { completeBooking } from '../../../src/areas/work/bookings/bookings.ts'
import type { Gateway, GatewayName, KnownPayment } from '../../../src/providers/payments/gateway.ts'
import { gatewayKind } from '../../../src/providers/payments/gateways.ts'
import { type CardPayment, type CardWorld, openCardWorld } from '../../support/card-world.ts'
import { describeReal } from '../../support/real-postgres.ts'

/**
 * Bug 4: events out of order. We are deaf while a payment goes its way at its gateway; each of its events is signed and sent, and
 * what its gateway would have said of it at that moment is kept. Then all of it is learnt in every order, each word twice.
 */

const currencies = {
  stripe: 'EGP',
  paypal: 'USD',
  paystack: 'NGN',
  flutterwave: 'NGN',
  razorpay: 'INR',
} as const
const amountMinor = 15_000
const fare = 12_000
const hourMs = 3_600_000

/** A gateway's answer about something at a moment, as the function that writes it down takes it. */
interface Word {
  says: string
  call: string
  values: unknown[]
}

for (const [name, currency] of Object.entries(currencies) as [GatewayName, string][])
  describeReal(`words of ${name}, in any order,`, () => {
    let card: CardWorld
    let gateway: Gateway
    beforeAll(async () => {
      card = await openCardWorld({ gateway: name, currency })
      const kind = await gatewayKind(name)
      gateway = kind.open(kind.config.parse(card.config), { now: card.simulator.now })
      card.simulator.plan(...Array.from({ length: 200 }, () => ({ kind: 'never' as const })))
    })
    afterAll(() => card.close())

    const method = name === 'paypal' ? 'paypal' : 'card'

    /** Names a payment as `gateways/calls.ts` does: by what its gateway answered when it was begun. */
    async function known({ reference }: CardPayment): Promise<KnownPayment> {
      const [row] = await card.query<{ id: string }>(
        'select gateway_reference as id from payment_transactions where id = $1',
        [reference],
      )
      return { reference, gatewayReference: row?.id as string, currency, amountMinor }
    }

    let heard = 0
    /** Hears the events that were sent since the last time, and asks about each what is true now; about `others` without one, too. */
    async function listen(payment: CardPayment, others: string[] = []): Promise<Word[]> {
      const words: Word[] = []
      const of = await known(payment)
      const asked = new Set(others)
      for (const { id, body } of card.simulator.events.slice(heard)) {
        const headers = new Headers(await card.simulator.sign({ id, body }))
        const event = await gateway.verifyEvent(new TextEncoder().encode(body), headers)
        if (!event) throw new Error(`The event ${id} is not the gateway's.`)
        if (event.about?.kind === 'chargeback') asked.add(`chargeback ${event.about.gatewayReference}`)
        else if (event.about?.kind === 'payment') asked.add('payment')
      }
      heard = card.simulator.events.length
      for (const what of asked) {
        const [kind, id = ''] = what.split(' ')
        if (kind === 'payment') {
          const facts = await gateway.findPayment(of)
          if (!facts) throw new Error('The gateway has no such payment.')
          words.push({
            says: `payment ${facts.status}`,
            call: 'khidma.apply_payment($1::uuid, $2::jsonb)',
            values: [payment.reference, JSON.stringify({ ...facts, saved: null, askedAt: new Date() })],
          })
        } else if (kind === 'chargeback') {
          const facts = await gateway.findChargeback(id)
          words.push({
            says: `chargeback ${facts?.status}`,
            call: 'khidma.apply_chargeback($1, $2::jsonb)',
            values: [name, JSON.stringify(facts)],
          })
        } else {
          const facts = await gateway.findRefund(of, {
            reference: id,
            gatewayReference: refundsThere.get(id) ?? null,
          })
          if (facts && facts.status !== 'pending')
            words.push({
              says: `refund ${facts.status}`,
              call: 'khidma.end_refund($1::uuid, $2::refund_status, $3, $4)',
              values: [id, facts.status, facts.gatewayReference, facts.failure?.code ?? null],
            })
        }
      }
      return words
    }
    const refundsThere = new Map<string, string>()

    const learn = async ({ call, values }: Word): Promise<boolean> => {
      const [row] = await card.query<{ learnt: unknown }>(`select ${call} as learnt`, values)
      return !call.includes('apply_chargeback') || row?.learnt !== null
    }
    const bySystem = `select khidma.begin_request('system', null, 'test', null, null, null, null, null)`

    /** The payment, its refunds and chargebacks, and every balance. */
    async function state({ id }: CardPayment): Promise<unknown> {
      const [payment] = await card.query(
        `select p.status, p.method, p.amount, p.amount_captured, p.amount_refunded, p.review, p.failure_code, p.next_action,
                p.capture_due_at is not null as is_capture_due,
                (select json_agg(json_build_object('status', t.status, 'isBooked', t.is_booked, 'isReleaseDue', t.release_due_at is not null,
                          'isAskedAbout', t.next_check_at is not null) order by t.id)
                   from payment_transactions t where t.intent_id = p.id and t.kind in ('authorize', 'charge')) as attempts
           from payment_intents p where p.id = $1`,
        [id],
      )
      const refunds = await card.query(
        `select status, kind, amount, failure_code from refunds where intent_id = $1 order by kind, amount, status`,
        [id],
      )
      const chargebacks = await card.query(
        `select status, amount from chargebacks where intent_id = $1 order by amount`,
        [id],
      )
      const balances = await card.query(
        `select a.kind, a.owner_user_id, x.owner_name, a.balance from account_balances a join ledger_accounts x on x.id = a.id
          where a.balance <> 0 order by 1, 2, 3`,
      )
      const differences = await card.query('select what, expected, posted from khidma.document_differences()')
      return { payment, refunds, chargebacks, balances, differences }
    }

    /** Learns words in an order, and undoes it. A word that cannot be understood yet is said again after the others, as events are. */
    async function endOf(payment: CardPayment, order: readonly Word[]): Promise<unknown> {
      await card.query('begin')
      try {
        await card.query(bySystem)
        let waiting = order
        while (waiting.length > 0) {
          const later: Word[] = []
          for (const word of waiting) if (!(await learn(word))) later.push(word)
          if (later.length === waiting.length)
            throw new Error(`Nobody understands: ${later.map(({ says }) => says)}`)
          waiting = later
        }
        await card.query('set constraints all immediate')
        return await state(payment)
      } finally {
        await card.query('rollback')
      }
    }

    /** Every order of up to four words; a sample of those of more. In every one each word comes twice, somewhere. */
    async function endTheSame(payment: CardPayment, words: readonly Word[]): Promise<void> {
      const expected = await endOf(payment, words)
      expect(expected).toMatchObject({ differences: [] })
      const orders = words.length <= 4 ? permutations(words) : sample(words, 40)
      for (const order of orders) {
        const twice = fc.sample(fc.shuffledSubarray([...order], { minLength: order.length }), 1)[0] ?? []
        const whole = [...order, ...twice]
        expect(await endOf(payment, whole), whole.map(({ says }) => says).join(', ')).toEqual(expected)
      }
    }

    /** Done at the gateway by a call of ours whose answer was lost. */
    async function capture(payment: CardPayment): Promise<void> {
      const partial = gateway.capabilities(currency, method)?.partialCapture
      await gateway.capture(await known(payment), partial ? fare : amountMinor, `${payment.reference}-c`)
      await card.simulator.settle()
    }
    const holds = () => gateway.capabilities(currency, method)?.hold === true

    /** A chargeback of a part, opened and won. */
    async function dispute(payment: CardPayment): Promise<Word[]> {
      const gatewayReference = await card.simulator.chargeback({
        reference: payment.reference,
        major: '30.00',
      })
      await card.simulator.settle()
      const about = [`chargeback ${gatewayReference}`]
      const opened = await listen(payment, about)
      await card.simulator.endChargeback({ gatewayReference, outcome: 'won' })
      await card.simulator.settle()
      return [...opened, ...(await listen(payment, about))]
    }

    /** Its hold was heard of, and its work is completed: it is to be captured. Words of it so far. */
    async function completed(): Promise<{ payment: CardPayment; words: Word[] }> {
      const payment = await card.begin(await card.aBooking())
      await card.approve(payment)
      const words = await listen(payment)
      await keep(words)
      await completeBooking(card.as('tasker'), payment.booking)
      return { payment, words }
    }
    async function keep(words: readonly Word[]): Promise<void> {
      await card.query('begin')
      await card.query(bySystem)
      for (const word of words) await learn(word)
      await card.query('commit')
    }

    it('end in the same payment, chargeback and books', async () => {
      let payment: CardPayment
      let words: Word[]
      if (holds()) {
        const held = await completed()
        await capture(held.payment)
        payment = held.payment
        words = [...held.words, ...(await listen(payment))]
      } else {
        payment = await card.begin(await card.aBooking())
        await card.approve(payment)
        words = await listen(payment)
      }
      words.push(...(await dispute(payment)))
      const wanted = ['payment captured', 'chargeback open', 'chargeback won']
      if (holds()) wanted.push('payment authorized')
      expect(words.map(({ says }) => says)).toEqual(expect.arrayContaining(wanted))
      await endTheSame(payment, words)
    })

    it('end in the same refunds, one of which fails', async () => {
      const { payment, words } = await completed()
      if (holds()) {
        await capture(payment)
        words.push(...(await listen(payment)))
        await keep(words)
      }
      const refunds: string[] = []
      for (const amount of [4_000, 3_000]) {
        if (refunds.length > 0) card.simulator.plan({ kind: 'refund_fails' })
        const { id } = await createRefund(card.as('ops'), payment.id, {
          ...{ amount, reason: 'requested', destination: 'original' },
        })
        const of = await known(payment)
        const sent = { payment: of, reference: id, amountMinor: amount, reason: 'requested' as const }
        const made = await gateway.refund({ ...sent, known: [...refundsThere.values()] })
        refundsThere.set(id, made.gatewayReference)
        refunds.push(`refund ${id}`)
        await card.simulator.settle()
        words.push(...(await listen(payment, refunds)))
      }
      await card.simulator.advance(hourMs)
      words.push(...(await listen(payment, refunds)), ...(await dispute(payment)))
      expect(words.map(({ says }) => says)).toEqual(
        expect.arrayContaining(['payment captured', 'refund succeeded', 'refund failed', 'chargeback won']),
      )
      await endTheSame(payment, words)
    })
  })

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length <= 1) return [[...all]]
  return all.flatMap((first, index) => permutations(all.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}

const sample = <T>(all: readonly T[], count: number): T[][] =>
  fc.sample(fc.shuffledSubarray([...all], { minLength: all.length }), count)
