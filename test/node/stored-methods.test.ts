import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { bookingToPay, type GatewayChoice, payByGateway } from '../../src/areas/money/gateways/paying.ts'
import { paymentsToWorkOn, sweep, workOn } from '../../src/areas/money/gateways/work.ts'
import { detachMethods } from '../../src/areas/money/payment-methods/detaching.ts'
import {
  listPaymentMethods,
  removePaymentMethod,
  updatePaymentMethod,
} from '../../src/areas/money/payment-methods/payment-methods.ts'
import { storeMethod } from '../../src/areas/money/payment-methods/storing.ts'
import {
  type FurtherChoice,
  payDebts,
  tipTasker,
  topUpWallet,
} from '../../src/areas/money/payments/further.ts'
import { jobs } from '../../src/areas/money/payments/jobs.ts'
import { getPaymentById } from '../../src/areas/money/payments/payments.ts'
import { completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import { newId } from '../../src/core/ids.ts'
import type { GatewaySimulator } from '../../tools/simulators/gateways/gateway-simulator.ts'
import { postEntry, readAccounts, trialBalance } from '../support/books.ts'
import { type GatewayWorld, openGatewayWorld } from '../support/gateway-world.ts'
import { asOwner, insertBooking, insertPayment, insertTask } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const firstPage = { after: null, limit: 20 }
const fare = 12_000

describeReal('what payers pay through a gateway beside bookings, and keep there', () => {
  let scene: GatewayWorld
  let world: GatewayWorld['world']
  let simulator: GatewaySimulator

  beforeAll(async () => {
    scene = await openGatewayWorld(8)
    ;({ world, simulator } = scene)
  })
  afterAll(() => scene.close())
  beforeEach(async () => {
    await world.connection.query('update payment_gateway_configs set failures = 0, paused_until = null')
    await world.connection.query(
      'update payment_methods set is_active = false, is_default = false, detach_due_at = null',
    )
  })

  const as = (who: 'client' | 'tasker' | 'ops') => scene.contexts.contextOf(world[who])
  const system = () => scene.contexts.systemContext('gateways')
  const card = { method: 'card', returnUrl: null, saveMethod: false, storedMethodId: null } as const
  const further = (amount: number, rest: Partial<FurtherChoice> = {}): FurtherChoice => ({
    ...card,
    amount,
    requestKey: newId(),
    ...rest,
  })
  const query = async (text: string, values: unknown[] = []) =>
    (await world.connection.query(text, values)).rows

  let days = 0
  const aBooking = (status = 'in_progress'): Promise<string> =>
    asOwner(world.connection, async () => {
      days += 1
      const startsAt = new Date(Date.UTC(2027, 2, days)).toISOString()
      const task = await insertTask(world, { state: status, startsAt })
      const booking = await insertBooking(world, task, status)
      await query('update tasks set est_max_amount = 15000 where id = $1', [task])
      await query(
        `update bookings set started_at = now() - interval '50 minutes', agreed_minimum_minutes = 60, agreed_maximum_amount = 15000,
                completed_at = case when status = 'completed' then now() end where id = $1`,
        [booking],
      )
      await insertPayment(world, booking, status === 'completed' ? 'captured' : 'requires_action')
      return booking
    })

  const referenceOf = async (paymentId: string): Promise<string> =>
    (await query('select transaction_id as id from payment_intents where id = $1', [paymentId]))[0].id
  const payerActs = async (paymentId: string) => {
    await simulator.pay({ reference: await referenceOf(paymentId) })
    await simulator.settle()
  }
  const balanceOf = async (kind: string, owner: string | null) =>
    (await readAccounts(world.connection))
      .filter((account) => account.kind === kind && account.owner === owner)
      .reduce((sum, { balance }) => sum + balance, 0)
  const capturesOf = async (paymentId: string): Promise<number> =>
    (
      await query(
        `select count(*)::int as n from ledger_entries where document_id = $1 and entry_type = 'capture'`,
        [paymentId],
      )
    )[0].n
  const pay = (booking: string, rest: Partial<GatewayChoice> = {}) => {
    const choice = { ...card, ...rest }
    return payByGateway(as('client'), bookingToPay(booking, choice), choice)
  }
  const methods = () => listPaymentMethods(as('client'), firstPage)

  async function aStoredCard(): Promise<string> {
    const { id } = await pay(await aBooking(), { saveMethod: true })
    await payerActs(id)
    const [stored] = await methods()
    if (!stored) throw new Error('nothing was stored')
    return stored.id
  }

  describe('a stored method', () => {
    it('is kept where the payer agreed, sealed, once however often it is seen', async () => {
      const { id } = await pay(await aBooking(), { saveMethod: true })
      await payerActs(id)
      await query('update payment_transactions set next_check_at = now() where intent_id = $1', [id])
      await sweep(system())
      expect(await methods()).toMatchObject([
        {
          type: 'card',
          provider: 'stripe',
          cardLastFour: '4242',
          accountType: 'credit',
          cardExpYear: 2034,
          isDefault: true,
        },
      ])
      const rows = await query('select * from payment_methods where is_active')
      expect(JSON.stringify(rows)).not.toMatch(/pm_|cus_/)
      const audit = await query(
        `select meta::text as meta from audit_log where target_type = 'payment_methods'`,
      )
      expect(audit.length).toBeGreaterThan(0)
      expect(audit.map(({ meta }) => meta).join()).not.toContain(rows[0].gateway_payment_method_id)
    })

    it.each([
      [0, 2034],
      [13, 2034],
      [12, 34],
      [12, 2101],
      [1.5, 2034],
      [12, null],
    ])('is kept without a date of expiry that is none (%s/%s)', async (expMonth, expYear) => {
      const { transactionId } = await pay(await aBooking())
      const methodReference = `pm_${newId()}`
      const saved = {
        customerReference: null,
        methodReference,
        email: null,
        type: 'card',
        brand: 'visa',
      } as const
      const rest = { lastFour: '4242', accountType: null, bankName: null, fingerprint: methodReference }
      await system().db.write([
        await storeMethod(
          system(),
          { id: transactionId ?? '', gateway: 'stripe' },
          { ...saved, ...rest, expMonth, expYear },
        ),
      ])
      expect(await methods()).toMatchObject([{ cardLastFour: '4242', cardExpMonth: null, cardExpYear: null }])
    })

    it('is not kept where the payer did not agree', async () => {
      const { id } = await pay(await aBooking())
      await payerActs(id)
      expect(await methods()).toEqual([])
    })

    it('stored again takes the place of the first, name and all, which the gateway forgets', async () => {
      const first = await aStoredCard()
      await updatePaymentMethod(as('client'), first, { nickname: 'Mine' }, null)
      const { id } = await pay(await aBooking(), { saveMethod: true })
      await payerActs(id)
      const now = await methods()
      expect(now).toMatchObject([{ nickname: 'Mine', isDefault: true }])
      expect(now[0]?.id).not.toBe(first)
      expect(await detachMethods(system())).toMatchObject({ detached: 1 })
    })

    it('pays a booking without the payer, captured at its completion', async () => {
      const storedMethodId = await aStoredCard()
      const booking = await aBooking()
      const paid = await pay(booking, { storedMethodId })
      expect(paid).toMatchObject({ status: 'authorized', amountAuthorized: 15_000, nextAction: null })
      await completeBooking(as('tasker'), booking)
      for (const id of await paymentsToWorkOn(system(), booking)) await workOn(system(), id)
      expect(await getPaymentById(as('client'), paid.id)).toMatchObject({
        status: 'captured',
        amountCaptured: fare,
      })
    })

    it('whose bank wants its owner brings the payer back on session, for the same payment', async () => {
      const storedMethodId = await aStoredCard()
      simulator.plan({ kind: 'decline', code: 'authentication_required' })
      const waiting = await pay(await aBooking(), { storedMethodId })
      expect(waiting).toMatchObject({ status: 'requires_action', nextAction: { type: 'sdk' } })
      expect(simulator.countPayments(await referenceOf(waiting.id))).toBe(1)
      await payerActs(waiting.id)
      expect(await getPaymentById(as('client'), waiting.id)).toMatchObject({ status: 'authorized' })
    })

    it('that is declined fails, and another method can be chosen', async () => {
      const storedMethodId = await aStoredCard()
      simulator.plan({ kind: 'decline', code: 'insufficient_funds' })
      const booking = await aBooking()
      expect(await pay(booking, { storedMethodId })).toMatchObject({
        status: 'failed',
        failureCode: 'insufficient_funds',
      })
      expect(await pay(booking)).toMatchObject({ status: 'requires_action', nextAction: { type: 'sdk' } })
    })

    it('that is expired, removed or somebody else’s pays nothing', async () => {
      const storedMethodId = await aStoredCard()
      const booking = await aBooking()
      await expect(
        topUpWallet(as('tasker'), 'EGP', further(5_000, { storedMethodId })),
      ).rejects.toMatchObject({ code: 'stored_method_unusable' })
      await query('update payment_methods set card_exp_year = 2020 where id = $1', [storedMethodId])
      expect(await methods()).toMatchObject([{ isExpired: true }])
      await expect(pay(booking, { storedMethodId })).rejects.toMatchObject({ code: 'stored_method_expired' })
      await query('update payment_methods set card_exp_year = 2034 where id = $1', [storedMethodId])
      await removePaymentMethod(as('client'), storedMethodId, null)
      expect(await methods()).toEqual([])
      await expect(pay(booking, { storedMethodId })).rejects.toMatchObject({ code: 'stored_method_unusable' })
    })

    it('that was removed is forgotten by its gateway, however often it must be asked', async () => {
      const id = await aStoredCard()
      await expect(removePaymentMethod(as('tasker'), id, null)).rejects.toMatchObject({ code: 'not_found' })
      await removePaymentMethod(as('client'), id, null)
      const due = async () =>
        (
          await query(
            'select detach_due_at, gateway_payment_method_id as name from payment_methods where id = $1',
            [id],
          )
        )[0]
      simulator.plan({ kind: '429' })
      expect(await detachMethods(system())).toEqual({ detached: 0, left: 1 })
      expect(await due()).toMatchObject({ name: expect.any(String), detach_due_at: expect.any(Date) })
      expect(await detachMethods(system())).toEqual({ detached: 0, left: 0 })
      await query('update payment_methods set detach_due_at = now() where id = $1', [id])
      expect(await detachMethods(system())).toEqual({ detached: 1, left: 0 })
      expect(await due()).toEqual({ name: null, detach_due_at: null })
    })
  })

  it('whose names cannot be opened keeps no other from being forgotten', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    await detachMethods(system())
    const broken = await aStoredCard()
    await removePaymentMethod(as('client'), broken, null)
    await removePaymentMethod(as('client'), await aStoredCard(), null)
    await query(
      `update payment_methods set gateway_customer_id = 'nonsense', detach_due_at = now() - interval '1 hour' where id = $1`,
      [broken],
    )
    expect(await detachMethods(system())).toEqual({ detached: 1, left: 1 })
    expect(complained).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'gateway.work_failed', paymentMethodId: broken }),
    )
    complained.mockRestore()
    await query('update payment_methods set detach_due_at = null, gateway_customer_id = null where id = $1', [
      broken,
    ])
  })

  describe('a top-up', () => {
    it('is taken at once and is in the wallet once, however often the gateway tells', async () => {
      const before = await balanceOf('client_wallet', world.client.id)
      const choice = further(20_000)
      const begun = await topUpWallet(as('client'), 'EGP', choice)
      expect(begun).toMatchObject({
        purpose: 'top_up',
        status: 'requires_action',
        nextAction: { type: 'sdk' },
      })
      expect((await topUpWallet(as('client'), 'EGP', choice)).id).toBe(begun.id)
      simulator.plan({ kind: 'dup_event' })
      await payerActs(begun.id)
      await sweep(system())
      expect(await getPaymentById(as('client'), begun.id)).toMatchObject({
        status: 'captured',
        amountCaptured: 20_000,
      })
      expect(await capturesOf(begun.id)).toBe(1)
      expect((await balanceOf('client_wallet', world.client.id)) - before).toBe(20_000)
      expect(await trialBalance(world.connection)).toBe(0)
    })

    it('by a stored card needs no payer', async () => {
      const storedMethodId = await aStoredCard()
      const choice = further(10_000, { storedMethodId })
      expect(await topUpWallet(as('client'), 'EGP', choice)).toMatchObject({ status: 'captured' })
    })

    it('whose gateway never answers is gone on with by the same request', async () => {
      const choice = further(7_000)
      const idempotency = { scope: world.client.id as string, key: newId(), requestHash: 'same' }
      const asked = () => topUpWallet(scene.contexts.contextOf(world.client, idempotency), 'EGP', choice)
      await simulator.settle()
      simulator.plan({ kind: 'cut' })
      await expect(asked()).rejects.toMatchObject({ code: 'gateway_unavailable' })
      const first = await asked()
      expect(first).toMatchObject({ status: 'requires_action', nextAction: { type: 'sdk' } })
      expect(simulator.countPayments(await referenceOf(first.id))).toBe(1)
      expect(await asked()).toEqual(first)
    })

    it('outside of its limits is refused', async () => {
      for (const amount of [4_999, 2_000_001])
        await expect(topUpWallet(as('client'), 'EGP', further(amount))).rejects.toMatchObject({
          code: 'top_up_limit',
        })
      await expect(topUpWallet(as('client'), 'USD', further(5_000))).rejects.toMatchObject({
        code: 'payment_method_unavailable',
      })
    })

    it('that nobody finishes is given up, and what comes late goes back', async () => {
      const before = await balanceOf('client_wallet', world.client.id)
      const { id } = await topUpWallet(as('client'), 'EGP', further(9_000))
      const reference = await referenceOf(id)
      simulator.plan({ kind: 'never' }, { kind: 'never' })
      await simulator.pay({ reference })
      await query(`update payment_intents set expires_at = now() - interval '1 minute' where id = $1`, [id])
      expect(await jobs.giveUpPayments.run(system(), {})).toMatchObject({ report: { payments: 1 } })
      for (const due of await paymentsToWorkOn(system(), id)) await workOn(system(), due)
      for (const due of await paymentsToWorkOn(system(), id)) await workOn(system(), due)
      expect(await getPaymentById(as('client'), id)).toMatchObject({ status: 'canceled', review: 'late' })
      expect(await query('select kind, amount::int, status from refunds where intent_id = $1', [id])).toEqual(
        [{ kind: 'return', amount: 9_000, status: 'succeeded' }],
      )
      expect(await balanceOf('client_wallet', world.client.id)).toBe(before)
    })
  })

  it('a tip by card is the tasker’s as a whole, without any commission', async () => {
    const booking = await aBooking('completed')
    const before = await balanceOf('tasker_payable', world.tasker.id)
    const fees = await balanceOf('platform_fee', null)
    const tip = await tipTasker(as('client'), booking, further(3_000))
    expect(tip).toMatchObject({ purpose: 'tip', payeeId: world.tasker.id, status: 'requires_action' })
    await payerActs(tip.id)
    expect(await getPaymentById(as('tasker'), tip.id)).toMatchObject({
      status: 'captured',
      amountCaptured: 3_000,
    })
    expect((await balanceOf('tasker_payable', world.tasker.id)) - before).toBe(3_000)
    expect(await balanceOf('platform_fee', null)).toBe(fees)
  })

  it('debts are paid by card, no more than they are, and once', async () => {
    const owed = 4_000
    await postEntry(world.connection, {
      lines: [
        { account: 'commission_receivable', owner: world.tasker.id, amount: -owed },
        { account: 'platform_fee', owner: null, amount: owed },
      ],
    })
    await expect(payDebts(as('tasker'), 'EGP', further(owed + 1))).rejects.toMatchObject({
      code: 'amount_above_debt',
    })
    const { id } = await payDebts(as('tasker'), 'EGP', further(owed))
    simulator.plan({ kind: 'dup_event' })
    await payerActs(id)
    expect(await getPaymentById(as('tasker'), id)).toMatchObject({ purpose: 'debt', status: 'captured' })
    expect(await capturesOf(id)).toBe(1)
    expect(await balanceOf('commission_receivable', world.tasker.id)).toBe(0)
    expect(await trialBalance(world.connection)).toBe(0)
  })
})
