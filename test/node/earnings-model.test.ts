import { afterAll, beforeAll, expect, it } from 'vitest'
import { getCompanyEarnings, getEarnings } from '../../src/areas/money/payments/earnings.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner } from '../support/integrity-world.ts'
import { openInvoicedBookings, randomOf } from '../support/invoiced-bookings.ts'
import { openContexts } from '../support/node-context.ts'
import { fund } from '../support/payouts.ts'
import { describeReal } from '../support/real-postgres.ts'

/** Random histories of a tasker and of the company that earns some of their work: paid out is what left their accounts, and arrived. */
describeReal('earnings, whatever happens to their payouts', () => {
  let there: Awaited<ReturnType<typeof openInvoicedBookings>>
  let contexts: Awaited<ReturnType<typeof openContexts>>
  const [company, config] = [newId(), newId()]
  const terms = '{"minimum": {}, "holdDays": 0}'

  beforeAll(async () => {
    there = await openInvoicedBookings()
    const { world } = there
    contexts = await openContexts(world.ownerUrl, 4)
    await fund(world.connection, 'client_wallet', world.tasker.id as string, 10_000_000)
    await asOwner(world.connection, async () => {
      await there.rowsOf(`insert into users (id, phone, role) values ($1, '+201555000077', 'client')`, [
        company,
      ])
      await there.rowsOf(
        `insert into company_profiles (user_id, company_name, approval_status) values ($1, 'Nile Fittings', 'approved')`,
        [company],
      )
      for (const [user, role] of [
        [company, 'owner'],
        [world.tasker.id, 'tasker'],
      ])
        await there.rowsOf(
          `insert into company_members (id, company_id, user_id, role, status, payout_to, joined_at) values ($1, $2, $3, $4, 'active', 'company', now())`,
          [newId(), company, user, role],
        )
      await there.rowsOf(
        `insert into payment_gateway_configs (id, gateway, display_name, config, status, countries, currencies, methods, activated_at)
         values ($1, 'stripe', 'Stripe', 'k.x.y', 'active', '{EG}', '{EGP}', '{card}', now())`,
        [config],
      )
      for (const user of [company, world.tasker.id] as string[])
        await there.rowsOf(
          `insert into payout_accounts (id, user_id, kind, country, currency, details, last_four, holder_name, is_default)
           values ($1, $2, 'bank', 'EG', 'EGP', 'k.x.y', '0002', 'Amina Hassan', true)`,
          [newId(), user],
        )
    })
  })
  afterAll(async () => {
    await contexts.close()
    await there.close()
  })

  const periods = { from: '2020-01-01', to: '2099-12-31', by: 'month' } as const

  async function check(): Promise<number> {
    const { world } = there
    const context = (id: string, role: string) => contexts.contextOf({ id, role }) as Context<UserActor>
    let paid = 0
    for (const [owner, earnings] of [
      [world.tasker.id, await getEarnings(context(world.tasker.id as string, 'tasker'), periods)],
      [company, await getCompanyEarnings(context(company, 'client'), company, periods)],
    ] as const) {
      const [moved] = await there.rowsOf<{ out: number; payable: number }>(
        `select (coalesce(-sum(l.amount) filter (where e.posting in ('cash_kept', 'payout_sent', 'payout_failed', 'payout_returned')), 0)
                 - (select coalesce(sum(o.amount), 0) from payouts o where o.user_id = $1 and o.kind = 'earnings' and o.status = 'processing'))::float8 as out,
                coalesce(sum(l.amount), 0)::float8 as payable
           from ledger_accounts a join ledger_lines l on l.account_id = a.id join ledger_entries e on e.id = l.entry_id
          where a.owner_user_id = $1 and a.kind = 'tasker_payable'`,
        [owner],
      )
      const [total] = earnings.currencies.filter(({ currency }) => currency === 'EGP')
      expect({ out: total?.paidOutAmount ?? 0, payable: total?.payableAmount ?? 0 }).toEqual(moved)
      const byMonth = earnings.periods ?? []
      expect(byMonth.reduce((sum, { paidOutAmount }) => sum + paidOutAmount, 0)).toBe(moved?.out)
      paid += moved?.out ?? 0
    }
    return paid
  }

  it.each([1, 2, 3])(
    'say as paid out what payouts and notes were, in total and by month (seed %i)',
    async (seed) => {
      const { world, rowsOf, bySystem, byOps } = there
      const random = randomOf(seed)
      const payments: { id: string; left: number }[] = []
      const taken: string[] = []
      const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)]
      for (let step = 0; step < 60; step += 1) {
        const owner = random(2) === 0 ? company : world.tasker.id
        const luck = random(10)
        if (luck < 3) {
          const booking = await there.aBooking()
          if (random(3) > 0)
            await asOwner(world.connection, () =>
              rowsOf(`update bookings set company_id = $2, payout_to = 'company' where id = $1`, [
                booking,
                company,
              ]),
            )
          const amount = 1_000 + random(50_000)
          payments.push({
            id: await there.pay(booking, amount, random(2) === 0 ? 'cash' : 'card'),
            left: amount,
          })
        } else if (luck === 3) {
          const payment = pick(payments.filter(({ left }) => left > 0))
          if (!payment) continue
          const amount = 1 + random(payment.left)
          payment.left -= amount
          await byOps(`select khidma.open_refund($1, $2, $3, 'requested', 'wallet', null, null)`, [
            newId(),
            payment.id,
            amount,
          ])
        } else if (luck === 4) await there.run()
        else if (luck < 7) await bySystem(`select khidma.schedule_payout($1, 'EGP', '${terms}')`, [owner])
        else if (luck === 7) {
          const waits = await rowsOf(`select from payouts where kind = 'withdrawal' and status = 'scheduled'`)
          if (waits.length > 0) continue
          await bySystem(`select khidma.withdraw($1, $2, null, 'EGP', $3)`, [
            newId(),
            world.tasker.id,
            1 + random(5_000),
          ])
        } else {
          const [o] = await rowsOf<{ id: string; status: string }>(
            `select id, status from payouts where status in ('scheduled', 'processing', 'paid') and kind <> 'cash' order by (status = 'paid'), random() limit 1`,
          )
          if (!o || (o.status === 'paid' && random(4) > 0)) continue
          if (o.status === 'scheduled') {
            await bySystem('select khidma.start_payout($1, $2, null)', [o.id, config])
            taken.push(o.id)
          } else {
            const outcome = o.status === 'paid' ? 'returned' : (pick(['paid', 'paid', 'failed']) as string)
            await bySystem(
              `select khidma.end_payout(khidma.current_attempt(o), $2, 'gw', $2, null, 0) from payouts o where o.id = $1`,
              [o.id, outcome],
            )
            await asOwner(world.connection, () =>
              rowsOf(
                `update payout_accounts set refused_at = null, is_default = true where refused_at is not null`,
              ),
            )
          }
        }
        if (step % 6 === 0) await check()
      }
      expect(await check()).toBeGreaterThan(0)
      expect(taken.length).toBeGreaterThan(0)
    },
  )
})
