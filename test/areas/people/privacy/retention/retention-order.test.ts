import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { randomDigits } from '../../../../../src/core/crypto.ts'
import { newId } from '../../../../../src/core/ids.ts'
import type { Env } from '../../../../../src/env.ts'
import { runJobs } from '../../../../../src/scheduled.ts'
import { database, env } from '../../../../support/api.ts'
import { roomOf } from '../../../../support/chat.ts'
import { loseReplies } from '../../../../support/faults.ts'
import { asOwner, hold } from '../keeping.ts'
import { storageOf } from '../traces.ts'

const jobs = ['purgeNotifications', 'purgeMedia', 'expiredExports', 'archiveTasks', 'remove']

/** Somebody of whom everything is over its time. */
async function somebody() {
  const ids = Array.from({ length: 9 }, () => newId())
  const [client, tasker, task, message, sent, abandoned, unshown, exported, note] = ids as [
    string,
    ...string[],
  ]
  const keyOf = (id = '') => (id === exported ? `exports/${client}/${id}.json` : `media/${client}/${id}`)
  const at = (ago: string) => sql`now() - ${ago}::interval`
  const file = (id: string | undefined, ago: string, uploaded: boolean) => sql`
    insert into media_files (id, user_id, kind, storage_key, storage_url, created_at, uploaded_at, expires_at)
    values (${id}, ${client}, 'image', ${keyOf(id)}, 'r2://x', ${at(ago)},
            ${uploaded ? at(ago) : sql`null::timestamptz`}, ${id === unshown ? at('1 day') : sql`null::timestamptz`})`
  await asOwner(
    ...[client, tasker].map(
      (id) => sql`insert into users (id, phone) values (${id}, ${`+2013${randomDigits(8)}`})`,
    ),
    sql`insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, updated_at)
        values (${task}, ${client}, 'plumbing', 'd', 'a', 'Cairo', 30, 31, now(), 60, 'settled', ${at('5 years 1 day')})`,
    sql`insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during)
        values (${task}, ${task}, ${client}, ${tasker}, 'completed', 1, tstzrange(now(), now() + interval '1 hour'))`,
    sql`insert into conversations (id, kind, booking_id, archived_seq) values (${task}, 'booking', ${task}, 1)`,
    ...[client, tasker].map(
      (id) => sql`insert into conversation_participants (conversation_id, user_id) values (${task}, ${id})`,
    ),
    file(sent, '5 years 2 days', true),
    file(abandoned, '8 days', false),
    file(unshown, '9 days', true),
    sql`insert into messages (id, conversation_id, sender_id, kind, seq, media_id) values (${message}, ${task}, ${client}, 'image', 1, ${sent})`,
    sql`insert into export_requests (id, user_id, status, storage_key, expires_at)
        values (${exported}, ${client}, 'ready', ${keyOf(exported)}, ${at('1 minute')})`,
    sql`insert into notifications (id, user_id, kind, title, created_at) values (${note}, ${client}, 'x', 'x', ${at('91 days')})`,
  )
  const keys = [sent, abandoned, unshown, exported].map(keyOf)
  await Promise.all(keys.map((key) => env.MEDIA.put(key, 'abcd')))
  const room = roomOf({ conversationId: task ?? '' })
  const said = await room.send(
    client,
    { clientMessageId: newId(), kind: 'text', text: 'Under the mat' },
    null,
  )
  expect(said.ok).toBe(true)

  const end = async () => {
    const [row] = await database().read<Record<string, unknown>>(sql`
      select t.description, c.ended_at is not null as ended,
             (select count(*) from messages where conversation_id = c.id) as messages,
             (select count(*) from conversation_entries where conversation_id = c.id) as entries,
             (select count(*) from media_files where user_id = ${client}) as files,
             (select count(*) from notifications where user_id = ${client}) as notes,
             (select status from export_requests where id = ${exported}) as export,
             (select count(*) from removals where key in ${[...keys, task]}) as removals
        from tasks t join conversations c on c.id = t.id where t.id = ${task}`)
    const stored = await Promise.all(keys.map(async (key) => (await env.MEDIA.head(key)) !== null))
    return { ...row, stored, isInLog: (await storageOf(room)).includes('Under the mat') }
  }
  return { client, end, archive: () => room.archive() }
}

/** The call of this number to storage or to an object dies: before it has done anything, or after. */
function dyingAt(number: number, isLate: boolean): Env {
  let calls = 0
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get:
        (_, name: string) =>
        async (...given: unknown[]) => {
          calls += 1
          const isLast = calls === number
          if (isLast && !isLate) throw new Error('died')
          const answer = await (target as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given)
          if (isLast) throw new Error('died')
          return answer
        },
    })
  const rooms = { getByName: (id: string) => counted(env.CONVERSATIONS.getByName(id)) }
  return { ...env, MEDIA: counted(env.MEDIA), CONVERSATIONS: rooms as unknown as Env['CONVERSATIONS'] }
}

const run = fc.record({
  job: fc.constantFrom(...jobs, 'remove', 'remove'),
  diesAt: fc.constantFrom(0, 1, 1, 2),
  isLate: fc.boolean(),
  losesReply: fc.boolean(),
  /** The same once more beside it. */
  isTwice: fc.boolean(),
})

const dies = { diesAt: 1, losesReply: false, isTwice: false }
/** At each call outside of the database, before and after it was done. */
const deaths = ['purgeMedia', 'archiveTasks', 'expiredExports'].flatMap((job) =>
  [false, true].map((isLate) => [
    { ...dies, job, isLate },
    { ...dies, job: 'remove', isLate },
  ]),
)

const gone = {
  description: '[archived]',
  ended: true,
  messages: 0,
  entries: 0,
  files: 0,
  notes: 0,
  export: 'expired',
  removals: 0,
  stored: [false, false, false, false],
  isInLog: false,
}

const kept = {
  description: 'd',
  ended: false,
  messages: 2,
  entries: 0,
  files: 3,
  notes: 1,
  export: 'expired',
  removals: 0,
  stored: [true, true, true, false],
  isInLog: true,
}

it('retention jobs have the same result in any order, repeated, concurrent and interrupted anywhere', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(run, { maxLength: 8 }), fc.boolean(), async (runs, isHeld) => {
        const { client, end, archive } = await somebody()
        if (isHeld) await hold({ userId: client } as Parameters<typeof hold>[0])
        const inAnHour = () =>
          database().write([sql`update removals set next_at = next_at - interval '1 hour 1 minute'`])
        for (const { job, diesAt, isLate, losesReply, isTwice } of runs) {
          if (losesReply) await loseReplies(1)
          const first = runJobs(dyingAt(diesAt, isLate), [job])
          await Promise.all(isTwice ? [first, runJobs(env, [job])] : [first])
          await loseReplies(0)
          await inAnHour()
        }
        for (let turn = 0; turn < 3; turn += 1) {
          await runJobs(env, jobs)
          await inAnHour()
        }
        await archive()
        expect(await end()).toEqual(isHeld ? kept : gone)
      }),
      { numRuns: 25, examples: deaths.map((runs) => [runs, false]) },
    )
  } finally {
    await loseReplies(0)
    vi.restoreAllMocks()
  }
}, 600_000)
