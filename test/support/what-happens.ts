import { notificationsFor } from '../../src/areas/contact/notifications/templates.ts'
import type { EventOf, EventRow, EventTypeName } from '../../src/core/events.ts'
import type { Machine } from '../../src/core/machine.ts'
import { type Known, type Live, reactions } from '../../src/queues/reactions.ts'
import { areaOf } from '../../tools/machines/sql.ts'
import { readSqlInventory, type SqlFunction } from '../../tools/sql/inventory.ts'
import type { World } from './integrity-world.ts'

/** One transition that was executed, with all that it touched. */
export interface Happening {
  action: string
  from: string | null
  to: string
  party: string
  /** `+1 outbox`, `~1 tasks`, `−1 sessions`. */
  rows: string[]
  consequences: readonly string[]
  events: { type: string; heardBy: string[]; notified: string[]; reactions: string[] }[]
}

type Counts = Map<string, { inserted: number; updated: number; deleted: number }>

/** Rows that the transaction has written until now, by table. */
async function countRows({ connection }: World): Promise<Counts> {
  const { rows } = await connection.query(
    `select relname as name, n_tup_ins::int as inserted, n_tup_upd::int as updated, n_tup_del::int as deleted
       from pg_stat_xact_user_tables where schemaname = 'public'`,
  )
  return new Map(rows.map(({ name, ...counts }) => [name, counts]))
}

/** Does `work`, and tells which rows and events came of it. */
export async function watch(
  world: World,
  work: () => Promise<unknown>,
): Promise<Pick<Happening, 'rows' | 'events'>> {
  const before = await countRows(world)
  await work()
  const after = await countRows(world)
  const rows = [...after]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, now]) => {
      const then = before.get(name) ?? { inserted: 0, updated: 0, deleted: 0 }
      const changes = [
        ['+', now.inserted - then.inserted],
        ['~', now.updated - then.updated],
        ['−', now.deleted - then.deleted],
      ] as const
      return changes.flatMap(([sign, count]) => (count > 0 ? [`${sign}${count} ${name}`] : []))
    })
  return { rows, events: await eventsOf(world) }
}

async function eventsOf(world: World): Promise<Happening['events']> {
  const { rows } = await world.connection.query(
    `select o.id, o.type, o.object_id as "objectId", o.object_seq as "objectSeq", o.created_at as "createdAt", o.data,
            array(select r.user_id from outbox_recipients r where r.event_id = o.id) as people,
            (select c.id from conversations c where c.booking_id::text = o.data->>'bookingId') as "conversationId"
       from outbox o where o.xid = pg_current_xact_id() order by o.seq`,
  )
  const nameOf = (id: string) =>
    (['client', 'tasker', 'ops', 'stranger'] as const).find((name) => world[name].id === id) ?? 'somebody'
  return Promise.all(
    rows.map(async ({ people, objectSeq, conversationId, ...row }) => {
      const notes = await notificationsFor(
        { ...row, data: { rating: 5, ...row.data } } as EventRow,
        (people as string[]).map((userId) => ({ userId, locale: 'en', timezone: 'UTC' })),
      )
      const recipients = (people as string[]).map((userId) => ({ userId }))
      const event = { ...row, createdAt: row.createdAt.toISOString() } as EventOf
      return {
        type: event.type,
        heardBy: (people as string[]).map(nameOf).sort(),
        notified: notes.map(({ userId }) => nameOf(userId)).sort(),
        reactions: await reactionsTo(event, { objectSeq, recipients, conversationId }, nameOf),
      }
    }),
  )
}

/** Runs the reactions to an event against live objects that only write down what was asked of them. */
async function reactionsTo<T extends EventTypeName>(
  event: EventOf<T>,
  known: Known,
  nameOf: (id: string) => string,
): Promise<string[]> {
  const { beforeAnswer, atOnce, fromQueue } = reactions[event.type as T] ?? {}
  const calls: string[] = []
  await beforeAnswer?.(recordingLive(calls, nameOf), event)
  const awaited = calls.splice(0).map((call) => `${call} before the answer`)
  await atOnce?.(recordingLive(calls, nameOf), event)
  const atOnceCalls = calls.splice(0).map((call) => `${call} at once`)
  await fromQueue?.(recordingLive(calls, nameOf), event, known)
  return [...awaited, ...atOnceCalls, ...calls.sort()]
}

function recordingLive(calls: string[], nameOf: (id: string) => string): Live {
  const recording = (object: string, isOfPerson = false) => ({
    getByName: (name: string) =>
      new Proxy(
        {},
        {
          get: (_target, method) => async () => {
            calls.push(`\`${object}.${String(method)}\`${isOfPerson ? ` → ${nameOf(name)}` : ''}`)
          },
        },
      ),
  })
  return {
    TASK_MATCHERS: recording('TaskMatcher'),
    USER_CHANNELS: recording('UserChannel', true),
    CONVERSATIONS: recording('Conversation'),
  } as unknown as Live
}

/** `docs/what-happens.md`. */
export function happeningsPage(happenings: ReadonlyMap<Machine, Happening[]>): string {
  const { functions } = readSqlInventory()
  const sections = [...happenings].map(([machine, list]) => sectionOf(machine, list, functions))
  return `# What happens

Generated by \`test/node/state-machines.test.ts\`, which executes each transition of each machine as each party that may make it, on real
Postgres, and compares this page with what it saw. After a change: \`UPDATE=1 npx vitest run --project node test/node/state-machines.test.ts\`.

Rows are those of the one transaction: \`+\` inserted, \`~\` updated, \`−\` deleted, with the consequence that the machine names. An event is pulled and pushed to webhooks by the people behind
the arrow (staff see all); those in bold get a notification as well, in the app and on their devices. Live calls are those of
[src/queues/reactions.ts](../src/queues/reactions.ts), executed against objects that write down what is asked of them: right after the commit
where it says so, and all of them from the queue. The scenes: a task in matching has an offer
that nobody has answered, a booking has a payment that nobody has made, a disputed one was paid, an account has a session. So that more
follows here than where nothing is open.

${sections.join('\n')}`
}

function sectionOf(machine: Machine, happenings: Happening[], functions: readonly SqlFunction[]): string {
  const area = areaOf(machine)
  const file = `${area}/${machine.name.replaceAll('_', '-')}-machine.sql`
  const link = (path: string) => `[${path}](../${path})`
  const consequences = Object.entries(machine.consequences ?? {}).map(([name, text]) => {
    const home = functions.find((each) => each.name === `khidma.${name}`)?.file ?? ''
    return `- \`${name}\` in ${link(`drizzle/sql/${home}`)}: ${text}`
  })
  return `## ${machine.name}

Declared in ${link(`src/areas/${area}/machine.ts`)}; guard rows and calls in ${link(`drizzle/sql/${file}`)}; triggers in ${link(`drizzle/sql/${area}/triggers.sql`)}.
${consequences.length > 0 ? `\n${consequences.join('\n')}\n` : ''}
| transition | by | rows | events | live calls |
| --- | --- | --- | --- | --- |
${folded(happenings).join('\n')}
`
}

/** Equal calls in one line. */
function counted(calls: string[]): string[] {
  const counts = new Map<string, number>()
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1)
  return [...counts].map(([call, count]) => (count > 1 ? `${count} × ${call}` : call))
}

/** One line for all that differ only in where they come from, or in the party. */
function folded(happenings: Happening[]): string[] {
  const lines = new Map<string, { from: Set<string>; by: Set<string>; happening: Happening }>()
  for (const happening of happenings) {
    const { action, from, to, party, rows, consequences, events } = happening
    const key = JSON.stringify([action, to, rows, consequences, events])
    const line = lines.get(key) ?? { from: new Set(), by: new Set(), happening }
    line.from.add(from ?? 'nothing')
    line.by.add(party)
    lines.set(key, line)
  }
  return [...lines.values()].map(({ from, by, happening: { action, to, rows, consequences, events } }) => {
    const written = events.map(({ type, heardBy, notified }) => {
      const people = heardBy.map((name) => (notified.includes(name) ? `**${name}**` : name))
      return `\`${type}\`${people.length > 0 ? ` → ${people.join(', ')}` : ''}`
    })
    const live = counted(events.flatMap(({ reactions }) => reactions))
    const calls = consequences.map((name) => `by \`${name}\``)
    return `| ${action}: ${[...from].join(', ')} → ${to} | ${[...by].join(', ')} | ${[...rows, ...calls].join('<br>')} | ${written.join('<br>')} | ${live.join('<br>')} |`
  })
}
