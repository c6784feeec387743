import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { activateConfig, createConfig, testConfig } from '../../src/areas/money/gateways/configs.ts'
import { bookingToPay, payByGateway } from '../../src/areas/money/gateways/paying.ts'
import { forgetConfigs, receiveEvent, workOnEvents } from '../../src/areas/money/gateways/receiving.ts'
import { paymentsToWorkOn, workOn } from '../../src/areas/money/gateways/work.ts'
import { completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import { Problem } from '../../src/core/problems.ts'
import { startStripeSimulator } from '../../tools/simulators/gateways/stripe.ts'
import { readAccounts, trialBalance } from './books.ts'
import { asOwner, insertBooking, insertPayment, insertTask, openWorld } from './integrity-world.ts'
import { openContexts } from './node-context.ts'

/** An hour at the world's rate of 120.00; its task was estimated at 150.00 at most. */
export const fare = 12_000

export interface CardPayment {
  id: string
  booking: string
  reference: string
}

/** Real Postgres, the Stripe simulator whose events reach it, and bookings that were paid by card. */
export async function openCardWorld() {
  forgetConfigs()
  const world = await openWorld()
  const contexts = await openContexts(world.ownerUrl, 12)
  const system = () => contexts.systemContext('gateways')
  const as = (who: 'client' | 'tasker' | 'ops') => contexts.contextOf(world[who])
  const ears = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = new Headers(request.headers as Record<string, string>)
    try {
      const id = await receiveEvent(system(), 'stripe', Buffer.concat(chunks), headers)
      if (id) await workOnEvents(system(), id)
      response.writeHead(200).end()
    } catch (error) {
      response.writeHead(error instanceof Problem ? 401 : 500).end()
    }
  })
  await new Promise<void>((resolve) => ears.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(ears.address() as AddressInfo).port}/`
  const simulator = await startStripeSimulator({ webhookUrl })
  const serves = {
    displayName: 'Stripe',
    countries: ['EG'],
    currencies: ['EGP'],
    methods: ['card'],
    weight: 100,
  }
  const { id: configId } = await createConfig(as('ops'), 'stripe', simulator.config, serves)
  await testConfig(as('ops'), configId)
  await activateConfig(as('ops'), configId, null)

  const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query(text, values)).rows

  let days = 0
  const choice = { method: 'card', returnUrl: null, saveMethod: false, storedMethodId: null } as const

  /** A booking whose fare a card has paid. */
  async function aPayment(): Promise<CardPayment> {
    const booking = await asOwner(world.connection, async () => {
      days += 1
      const startsAt = new Date(Date.UTC(2027, 0, days)).toISOString()
      const task = await insertTask(world, { state: 'in_progress', startsAt })
      const made = await insertBooking(world, task, 'in_progress')
      await query(
        `update bookings set started_at = now() - interval '50 minutes', agreed_minimum_minutes = 60, agreed_maximum_amount = 15000 where id = $1`,
        [made],
      )
      await insertPayment(world, made, 'requires_action')
      return made
    })
    await payByGateway(as('client'), bookingToPay(booking, choice), choice)
    const [payment] = await query<{ id: string; reference: string }>(
      'select id, transaction_id as reference from payment_intents where booking_id = $1',
      [booking],
    )
    const { id, reference } = payment as { id: string; reference: string }
    await simulator.pay({ reference })
    await simulator.settle()
    await completeBooking(as('tasker'), booking)
    await work(id)
    await simulator.settle()
    return { id, booking, reference }
  }

  async function work(about: string): Promise<void> {
    for (const id of await paymentsToWorkOn(system(), about)) await workOn(system(), id)
  }

  async function balanceOf(kind: string): Promise<number> {
    const accounts = (await readAccounts(world.connection)).filter((account) => account.kind === kind)
    return accounts.reduce((sum, { balance }) => sum + balance, 0)
  }

  /** In minor units, as the gateway's own books have it. */
  const there = (kind: 'captured' | 'refunded' | 'fees' | 'chargedBack'): number =>
    Math.round(Number(simulator.books().EGP?.[kind] ?? 0) * 100)

  return {
    world,
    contexts,
    simulator,
    configId,
    system,
    as,
    query,
    aPayment,
    work,
    balanceOf,
    there,
    /** The gateway holds for us as much as the books say, but for fees that it has not named. */
    async balanced(): Promise<void> {
      expect(await trialBalance(world.connection)).toBe(0)
      expect(await query(`select what, expected, posted from khidma.document_differences()`)).toEqual([])
      expect(-(await balanceOf('platform_clearing'))).toBe(
        there('captured') - there('refunded') - there('chargedBack') + (await balanceOf('gateway_fees')),
      )
    },
    async close(): Promise<void> {
      await simulator.close()
      await new Promise((resolve) => ears.close(resolve))
      await contexts.close()
      await world.close()
    },
  }
}

export type CardWorld = Awaited<ReturnType<typeof openCardWorld>>
