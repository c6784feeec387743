import { newId } from '../../../src/core/ids.ts'
import { asOwner, openWorld, type Person } from '../integrity-world.ts'
import { type NodeContexts, openContexts } from '../node-context.ts'
import { aPhone } from '../numbers.ts'
import { fund } from '../payouts.ts'

export type WorkWorld = Awaited<ReturnType<typeof openWorkWorld>>

/** Tables whose instants come nearer as time passes. What is history keeps its own. */
const clocked = [
  'tasks',
  'open_tasks',
  'offers',
  'bids',
  'assignments',
  'bookings',
  'booking_deadlines',
  'booking_changes',
  'visits',
  'contracts',
  'milestones',
  'contract_amendments',
  'milestone_submissions',
  'disputes',
  'dispute_offers',
  'task_clocks',
  'payment_intents',
  'claims',
]

/** Two clients with money, three taskers, staff: all that the life of work needs. */
export async function openWorkWorld(connections: number) {
  const world = await openWorld()
  const contexts: NodeContexts = await openContexts(world.ownerUrl, connections)
  const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query(text, values)).rows
  const taskers: Person[] = [world.tasker, ...[1, 2].map((): Person => ({ id: newId(), role: 'tasker' }))]
  const clients: Person[] = [world.client, world.stranger]
  await asOwner(world.connection, async () => {
    await query(
      `insert into task_categories (id, slug, names) values ($1, 'plumbing', '{"en": "Plumbing", "ar": "سباكة"}')`,
      [newId()],
    )
    for (const { id } of taskers.slice(1)) {
      await query(`insert into users (id, phone, role) values ($1, $2, 'tasker')`, [id, aPhone()])
      await query(
        `insert into tasker_profiles (user_id, status, hourly_rate_amount) values ($1, 'active', 12000)`,
        [id],
      )
    }
    for (const { id } of taskers)
      await query(`insert into tasker_categories (tasker_id, category) values ($1, 'plumbing')`, [id])
  })
  // Commission on cash adds up over lives: nobody is kept from work by it.
  await query(
    `insert into config_entries (id, key, value, valid_during, reason)
     values ($1, 'debts.cap', '{}', tstzrange(now() - interval '1 minute', null), 'Test')`,
    [newId()],
  )
  for (const { id } of clients) await fund(world.connection, 'client_wallet', id as string, 1_000_000_000)

  const columns = await query<{ table: string; column: string; isRange: boolean }>(
    `select c.table_name as table, c.column_name as column, c.udt_name = 'tstzrange' as "isRange" from information_schema.columns c
      where c.table_schema = 'public' and c.table_name = any ($1) and c.udt_name in ('timestamptz', 'tstzrange') and c.is_generated = 'NEVER'`,
    [clocked],
  )
  const moves = clocked.map((table) => {
    const set = columns
      .filter((each) => each.table === table)
      .map(({ column, isRange }) =>
        isRange
          ? `${column} = tstzrange(lower(${column}) - :by, upper(${column}) - :by)`
          : `${column} = ${column} - :by`,
      )
    return `update ${table} set ${set.join(', ')}`
  })
  const items = (by: string) =>
    `update calendar_items set during = tstzrange(lower(during) - (${by}), upper(during) - (${by})),
            guarded = tstzrange(lower(guarded) - (${by}), upper(guarded) - (${by})), expires_at = expires_at - (${by})`

  return {
    ...world,
    contexts,
    query,
    taskers,
    clients,
    /** The test clock: every instant of the work domain comes nearer. */
    letPass: (minutes: number) =>
      asOwner(world.connection, async () => {
        const by = `make_interval(mins => ${minutes})`
        for (const move of moves) await query(move.replaceAll(':by', by))
        // By a detour: an item that has moved must not meet one that has not.
        for (const part of [`interval '900000 hours'`, `${by} - interval '900000 hours'`])
          await query(items(part))
      }),
    close: async () => {
      await contexts.close()
      await world.close()
    },
  }
}
