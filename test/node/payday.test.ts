import { afterAll, beforeAll, expect, it } from 'vitest'
import { jobs } from '../../src/areas/money/payouts/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import { trialBalance } from '../support/books.ts'
import { openWorld, transaction } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

/** `PAYDAY_TASKERS=10000` measures what docs/performance.md says of a payday. */
const taskers = Number(process.env.PAYDAY_TASKERS ?? 600)

describeReal('a payday', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 2)
    const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
    const terms = { weekdays: everyDay, fromHour: 0, minimum: { EGP: 1_000 }, holdDays: 2 }
    await world.connection.query(
      `insert into config_entries (id, key, value, valid_during, reason) values ($1, 'payouts.schedule', $2, tstzrange(now(), null), 'Test')`,
      [newId(), JSON.stringify(terms)],
    )
    await world.connection.query(
      `insert into users (id, phone, role) select khidma.uuid_v7(), '+2019' || lpad(n::text, 8, '0'), 'tasker' from generate_series(1, $1) n`,
      [taskers],
    )
    await world.connection.query(
      `insert into payout_accounts (id, user_id, kind, country, currency, details, last_four, holder_name, is_default)
       select khidma.uuid_v7(), u.id, 'bank', 'EG', 'EGP', 'k.x.y', '0002', 'Amina Hassan', true from users u where u.phone like '+2019%'`,
    )
    // Earnings of each; every third owes commission for cash. In parts, so that the planner learns how many there are.
    for (let first = 1; first <= taskers; first += 250) {
      await transaction(world.connection, world.system, () =>
        world.connection.query(
          `select khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, null, 'EGP', jsonb_build_array(
                    jsonb_build_object('account', 'platform_clearing', 'amount', -9000),
                    jsonb_build_object('account', 'tasker_payable', 'owner', u.id, 'amount', 9000))),
                  case when n % 3 = 0 then khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, null, 'EGP', jsonb_build_array(
                    jsonb_build_object('account', 'commission_receivable', 'owner', u.id, 'amount', -1500),
                    jsonb_build_object('account', 'platform_fee', 'amount', 1500))) end
             from generate_series($1::int, least($1::int + 249, $2::int)) n join users u on u.phone = '+2019' || lpad(n::text, 8, '0')`,
          [first, taskers],
        ),
      )
      if (first === 1 || first % 2_500 === 1) await world.connection.query('analyze')
    }
    await world.connection.query('analyze')
  }, 240_000)
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  it(`pays ${taskers} taskers in as many chunks as it takes, each of them once`, async () => {
    const startedAt = performance.now()
    const { report } = await jobs.schedulePayouts.run(contexts.systemContext('cron.schedulePayouts'), {})
    const seconds = (performance.now() - startedAt) / 1_000
    if (process.env.PAYDAY_TASKERS) console.info(`${taskers} taskers in ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(60)
    const netted = Math.floor(taskers / 3)
    expect(report).toEqual({ taskers, payouts: taskers, netted })
    const { rows } = await world.connection.query(
      `select count(*)::int as payouts, count(distinct user_id)::int as taskers, sum(amount)::int as amount,
              (select sum(amount)::int from ledger_holds where status = 'held') as held from payouts`,
    )
    const amount = taskers * 9_000 - netted * 1_500
    expect(rows).toEqual([{ payouts: taskers, taskers, amount, held: amount }])
    expect(await trialBalance(world.connection)).toBe(0)
    const again = await jobs.schedulePayouts.run(contexts.systemContext('cron.schedulePayouts'), {})
    expect(again.report).toEqual({ taskers: 0, payouts: 0, netted: 0 })
    const { rows: runs } = await world.connection.query(
      'select taskers, payouts, netted, finished_at is not null as done from payout_runs',
    )
    expect(runs).toEqual([{ taskers, payouts: taskers, netted, done: true }])
  }, 240_000)
})
