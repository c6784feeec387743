import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { sweep, workOn } from '../../../src/areas/money/gateways/work.ts'
import { topUpWallet } from '../../../src/areas/money/payments/further.ts'
import { jobs } from '../../../src/areas/money/payments/jobs.ts'
import { newId } from '../../../src/core/ids.ts'
import { type GatewayWorld, openGatewayWorld } from '../../support/gateway-world.ts'
import { describeReal } from '../../support/real-postgres.ts'

describeReal('a payment on a page of its gateway', () => {
  let scene: GatewayWorld
  beforeAll(async () => {
    scene = await openGatewayWorld(6, { gateway: 'paystack', currency: 'NGN' })
  })
  afterAll(() => scene.close())
  beforeEach(() => query('update payment_gateway_configs set failures = 0, paused_until = null'))

  const query = async (text: string, values: unknown[] = []) =>
    (await scene.world.connection.query(text, values)).rows
  const system = () => scene.contexts.systemContext('gateways')
  const topUp = (requestKey = newId()) =>
    topUpWallet(scene.contexts.contextOf(scene.world.client), 'NGN', {
      method: 'card',
      returnUrl: null,
      saveMethod: false,
      storedMethodId: null,
      amount: 500_000,
      requestKey,
    })
  const attemptsOf = (id: string) =>
    query(
      `select kind, status, release_due_at is not null as "isDue", next_check_at is not null as "isAsked"
         from payment_transactions where intent_id = $1 and kind in ('authorize', 'charge') order by id`,
      [id],
    )

  it('keeps its page, however often the gateway is asked about it', async () => {
    const key = newId()
    const begun = await topUp(key)
    expect(begun).toMatchObject({ status: 'requires_action', nextAction: { type: 'redirect' } })
    await query('update payment_transactions set next_check_at = now() where intent_id = $1', [begun.id])
    await sweep(system())
    expect((await topUp(key)).nextAction).toEqual(begun.nextAction)
    expect(await attemptsOf(begun.id)).toEqual([
      { kind: 'charge', status: 'completed', isDue: false, isAsked: true },
    ])
  })

  it.each(['asked for again', 'asked about meanwhile'])(
    'whose page was lost with an answer fails when it is %s, and the next one has a page',
    async (when) => {
      const key = newId()
      scene.simulator.plan({ kind: 'cut', on: 'POST /transaction/initialize' })
      await expect(topUp(key)).rejects.toMatchObject({ code: 'gateway_unavailable' })
      if (when === 'asked about meanwhile') {
        await query('update payment_transactions set next_check_at = now() where next_check_at is not null')
        await sweep(system())
      }
      expect(await topUp(key)).toMatchObject({
        status: 'failed',
        nextAction: null,
        failureCode: 'gateway_error',
      })
      expect(await topUp()).toMatchObject({ status: 'requires_action', nextAction: { type: 'redirect' } })
    },
  )

  it('is asked about no more once it was given up and its page is closed', async () => {
    const { id, transactionId } = await topUp()
    await query(`update payment_intents set expires_at = now() where id = $1`, [id])
    await jobs.giveUpPayments.run(system(), {})
    await workOn(system(), id)
    // Its payer may still be on the page.
    expect(await attemptsOf(id)).toMatchObject([{ isDue: true, isAsked: false }])
    await query(
      `update payment_transactions set created_at = now() - interval '2 hours', release_due_at = now() where id = $1`,
      [transactionId],
    )
    await workOn(system(), id)
    expect(await attemptsOf(id)).toMatchObject([{ isDue: false, isAsked: false }])
    // Money that comes all the same goes back.
    await scene.simulator.pay({ reference: transactionId ?? '' })
    await scene.simulator.settle()
    expect(await query('select status, review from payment_intents where id = $1', [id])).toEqual([
      { status: 'canceled', review: 'late' },
    ])
    expect(await query('select kind, reason, amount::int from refunds where intent_id = $1', [id])).toEqual([
      { kind: 'return', reason: 'late', amount: 500_000 },
    ])
  })
})
