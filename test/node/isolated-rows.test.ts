import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { type DisputeWorld, openDisputeWorld } from '../support/dispute-world.ts'
import { actAs, asOwner } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

/** Functions of jobs whose rows have consequences of their own. */
const isolating = [
  'settle_silent_cash',
  'release_silent_milestones',
  'remind_of_releases',
  'expire_milestones',
  'remind_of_milestones',
  'expire_contract_papers',
  'close_dormant_contracts',
  'invoice_entries',
  'run_payouts',
  'climb_due',
  'end_leads',
  'collect_dispute_deadlines',
  'collect_booking_deadlines',
]

describeReal('a row that a job cannot do', () => {
  let world: DisputeWorld
  beforeAll(async () => {
    world = await openDisputeWorld()
    await query(`create function poison() returns trigger language plpgsql as $$
      begin raise exception using errcode = tg_argv[0], message = 'poisoned'; end $$`)
  })
  afterAll(() => world.close())

  const query = async (text: string, params: unknown[] = []) =>
    (await world.connection.query(text, params)).rows

  const poisoned = async (table: string, id: string, state: string, work: () => Promise<void>) => {
    await query(
      `create trigger a_poison before update on ${table} for each row when (new.id = '${id}') execute function poison('${state}')`,
    )
    try {
      await work()
    } finally {
      await query(`drop trigger a_poison on ${table}`)
    }
  }

  /** In one transaction, as a job and its report are. */
  async function run(call: string) {
    await query('begin')
    await actAs(world.connection, world.system)
    const [row] = await query(
      `select khidma.report_run('test', r.report) as report from (select ${call} as report) r`,
    )
    await query('commit')
    return row?.report
  }

  it('stops no other, is counted, and is taken again in an hour', async () => {
    const [bad, good] = [
      await world.disputed(await world.aPaid(12_000)),
      await world.disputed(await world.aPaid(12_000)),
    ]
    await asOwner(world.connection, () =>
      query(`update disputes set due_at = now() - interval '1 hour' where id = any ($1)`, [
        [bad.dispute, good.dispute],
      ]),
    )
    const statusOf = async (id: string) =>
      (await query('select status from disputes where id = $1', [id]))[0]?.status
    await poisoned('disputes', bad.dispute, 'P0001', async () => {
      expect(await run('khidma.collect_dispute_deadlines(100)')).toMatchObject({
        escalated: 1,
        failedRows: 1,
      })
    })
    expect([await statusOf(bad.dispute), await statusOf(good.dispute)]).toEqual(['open', 'escalated'])
    const next = await run('khidma.collect_dispute_deadlines(100)')
    expect(next).toMatchObject({ escalated: 0 })
    expect(next).not.toHaveProperty('failedRows')
    expect(await statusOf(bad.dispute)).toBe('open')
    await query(`update row_failures set retry_at = now() where row_id = $1`, [bad.dispute])
    expect(await run('khidma.collect_dispute_deadlines(100)')).toMatchObject({ escalated: 1 })
    expect(await statusOf(bad.dispute)).toBe('escalated')
  })

  it('leaves its place in a full run to the others, and counts its failures', async () => {
    const [bad, good] = [
      await world.disputed(await world.aPaid(12_000)),
      await world.disputed(await world.aPaid(12_000)),
    ]
    await asOwner(world.connection, () =>
      query(
        `update disputes set due_at = now() - d.ago from unnest($1::uuid[], '{2 hours,1 hour}'::interval[]) d (id, ago) where disputes.id = d.id`,
        [[bad.dispute, good.dispute]],
      ),
    )
    const failed = { escalated: 0, failedRows: 1 }
    await poisoned('disputes', bad.dispute, 'P0001', async () => {
      expect(await run('khidma.collect_dispute_deadlines(1)')).toMatchObject(failed)
      expect(await run('khidma.collect_dispute_deadlines(1)')).toMatchObject({ escalated: 1 })
      await query(`update row_failures set retry_at = now() where row_id = $1`, [bad.dispute])
      expect(await run('khidma.collect_dispute_deadlines(1)')).toMatchObject(failed)
    })
    expect(
      await query('select step, failures, retry_at > now() as waits from row_failures where row_id = $1', [
        bad.dispute,
      ]),
    ).toEqual([{ step: 'dispute.escalate', failures: 2, waits: true }])
  })

  it.each([
    ['is put off for an hour', 'P0001', true],
    ['for a deadlock is taken again at once', '40P01', false],
    ['for a lock that it did not get in time is taken again at once', '55P03', false],
  ])('%s', async (_rule, state, isPutOff) => {
    const id = newId()
    const booking = await world.aConfirmed('EGP')
    await asOwner(world.connection, () =>
      query(
        `insert into booking_deadlines (id, booking_id, kind, due_at, next_at)
         values ($1, $2, 'payment', now() - interval '1 hour', now() - interval '1 hour')`,
        [id, booking],
      ),
    )
    // Passing a deadline writes its outcome, putting it off does not.
    await query(
      `create trigger a_poison before update on booking_deadlines for each row when (new.id = '${id}' and new.outcome is not null) execute function poison('${state}')`,
    )
    expect(await run('khidma.collect_booking_deadlines(100)')).toMatchObject({ failed: 1, failedRows: 1 })
    await query('drop trigger a_poison on booking_deadlines')
    expect(
      await query(
        `select khidma.is_put_off('booking_deadline.pass', id) as "isPutOff", outcome from booking_deadlines where id = $1`,
        [id],
      ),
    ).toEqual([{ isPutOff, outcome: null }])
    await asOwner(world.connection, () => query('delete from booking_deadlines where id = $1', [id]))
  })

  it('is left out by the step that put it off', async () => {
    const steps = await query(
      `select p.proname as name, array(select m[1] from regexp_matches(p.prosrc, 'put_off_failed[(]''([^'']+)''', 'g') m order by 1) as put_off,
              array(select m[1] from regexp_matches(p.prosrc, 'not khidma.is_put_off[(]''([^'']+)''', 'g') m order by 1) as left_out
         from pg_proc p where p.pronamespace = 'khidma'::regnamespace and p.prosrc ~ 'put_off_failed[(]'''`,
    )
    expect(steps.length).toBeGreaterThan(9)
    expect(steps.filter(({ put_off, left_out }) => String(put_off) !== String(left_out))).toEqual([])
    const all = steps.flatMap(({ put_off }) => put_off)
    expect(new Set(all).size).toBe(all.length)
  })

  it.each(isolating)('is isolated in %s', async (name) => {
    const [row] = await query(
      `select bool_and(p.prosrc ~ 'exception when others then') and bool_and(p.prosrc ~ 'khidma.(note_failed_row|put_off_failed)[(]') as is
         from pg_proc p where p.pronamespace = 'khidma'::regnamespace and p.proname = $1`,
      [name],
    )
    expect(row?.is).toBe(true)
  })
})
