import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { runJobs } from '../../../../../src/scheduled.ts'
import { api, type Caller, database, env } from '../../../../support/api.ts'
import { roomOf } from '../../../../support/chat.ts'
import { aLead, aRequest, onRequest } from '../../../../support/leads.ts'
import { aBooking, anAdmin, anOps, ok } from '../../../../support/story.ts'
import { codeOf, inHours, readAll } from '../../../../support/work.ts'
import { asOwner, at, hold, release } from '../keeping.ts'
import { storageOf } from '../traces.ts'

/** Makes a task that ended five years and a day ago, with what was said and sent about it. */
async function anOldTask(state: 'settled' | 'canceled' = 'settled') {
  const story = await aBooking({ state })
  const { client, tasker, taskId, bookingId } = story
  const [conversation] = await database().read<{ id: string }>(
    sql`select id from conversations where booking_id = ${bookingId}`,
  )
  const conversationId = conversation?.id ?? ''
  const mediaId = await aFile(client)
  const send = (as: Caller, body: object) =>
    ok(api(`/v1/conversations/${conversationId}/messages`, { as, body }))
  await send(client, { kind: 'text', text: 'The key is under the mat' })
  await send(tasker, { kind: 'text', text: 'Coming at nine' })
  await send(client, { kind: 'image', mediaId })
  expect(await roomOf({ conversationId }).archive()).toBe(true)
  await asOwner(
    sql`update tasks set title = 'The tap', client_notes = 'Ring twice', internal_notes = 'Difficult', requirements = '{Ladder}',
               skills = '{taps}', updated_at = ${at('5 years 1 day')} where id = ${taskId}`,
    sql`update bookings set updated_at = ${at('5 years 1 day')}, created_at = ${at('5 years 2 days')} where id = ${bookingId}`,
    sql`update media_files set created_at = ${at('5 years 2 days')} where id = ${mediaId}`,
    sql`delete from audit_log where target_id in ${[taskId, bookingId]}`,
  )
  return { ...story, conversationId, mediaId, key: `media/${client.userId}/${mediaId}` }
}

async function aFile(owner: Caller): Promise<string> {
  const { body } = await ok(
    api('/v1/media', { as: owner, body: { kind: 'image', mimeType: 'image/png', fileSize: 4 } }),
  )
  await env.MEDIA.put(`media/${owner.userId}/${body.id}`, 'abcd')
  await database().write([
    sql`update media_files set uploaded_at = now(), content_hash = 'x' where id = ${body.id}`,
  ])
  return body.id
}

const stateOf = async ({
  taskId,
  bookingId,
  conversationId,
  mediaId,
}: Awaited<ReturnType<typeof anOldTask>>) => {
  const [row] = await database().read<Record<string, unknown>>(sql`
    select t.description, t.address, t.district, t.lat, t.structured_inputs as inputs,
           concat(t.title, t.client_notes, t.internal_notes, array_to_string(t.requirements || t.skills, '')) as words, b.cancel_reason as reason,
           (select count(*) from messages where conversation_id = ${conversationId}) as messages,
           (select count(*) from conversation_entries where conversation_id = ${conversationId}) as entries,
           (select count(*) from media_files where id = ${mediaId}) as files,
           (select count(*) from task_state_events where task_id = ${taskId}) > 3 as "hasHistory",
           (select count(*) from task_state_events where task_id = ${taskId} and reason is not null) +
           (select count(*) from booking_events where booking_id = ${bookingId} and meta ? 'reason') as reasons,
           (select coalesce(json_agg(json_build_object('action', a.action, 'changes', a.meta -> 'changes') order by a.id), '[]')
              from audit_log a where a.target_id in ${[taskId, bookingId]}) as audited
      from tasks t join bookings b on b.task_id = t.id where t.id = ${taskId}`)
  return row
}

const pathOf = ({ conversationId }: { conversationId: string }) =>
  `/v1/conversations/${conversationId}/messages`

const wordsOf = async (old: { conversationId: string }, as: Caller) =>
  (await readAll(pathOf(old), as)).map(({ text }) => text as string)

/** All that the live object still knows. */
const liveLogOf = async (old: { conversationId: string }) => JSON.stringify(await storageOf(roomOf(old)))

/** As cron does in three minutes: what was decided is carried out, and files that nothing shows any more go last. */
const archive = () => runJobs(env, ['archiveTasks', 'remove', 'purgeMedia', 'remove'])

const codeOfCopy = ({ taskId, client }: { taskId: string; client: Caller }) =>
  codeOf(api(`/v1/tasks/${taskId}/copy`, { as: client, body: { startsAt: inHours(48) } }))

const archived = { description: '[archived]', messages: 0, entries: 0, files: 0 }
const untouched = { description: 'The kitchen tap drips.', messages: 3, files: 1 }

const removalsOf = ({ conversationId, key }: { conversationId: string; key: string }) =>
  database().read<{ kind: string }>(
    sql`select kind from removals where key in (${conversationId}, ${key}) order by kind`,
  )

/** Those that failed a moment ago are tried again in an hour at the latest. */
const anHourPasses = () =>
  database().write([sql`update removals set next_at = next_at - interval '1 hour 1 minute'`])

describe('the words of an archived task', () => {
  it('are read by its client and staff with the permission, and go with the account', async () => {
    const old = await anOldTask()
    const [admin, ops] = [await anAdmin(), await anOps()]
    const read = (as: Caller) => api(`/v1/tasks/${old.taskId}/archive`, { as })
    expect((await read(old.client)).status).toBe(404)
    await asOwner(sql`update tasks set title = 'Tap', internal_notes = 'Rude' where id = ${old.taskId}`)
    await archive()
    expect((await read(old.client)).body).toMatchObject({
      title: 'Tap',
      description: 'The kitchen tap drips.',
      address: '12 Talaat Harb St',
      internalNotes: null,
    })
    expect((await read(admin)).body).toMatchObject({ title: 'Tap', internalNotes: 'Rude' })
    expect([await read(ops), await read(old.tasker)].map(({ status }) => status)).toEqual([403, 404])
    expect((await api(`/v1/tasks/${old.taskId}`, { as: old.client })).body).toMatchObject({
      title: null,
      description: '[archived]',
    })
    expect(await codeOfCopy(old)).toBe('409 task_archived')
  })

  it('stay where they are while a template or a running series names the task', async () => {
    const [named, repeated] = [await anOldTask(), await anOldTask()]
    await ok(api('/v1/task-templates', { as: named.client, body: { name: 'Again', taskId: named.taskId } }))
    const startsOn = new Date(Date.now() + 86_400_000 * 2).toISOString().slice(0, 10)
    const rule = { weekdays: [1], localTime: '10:00', timezone: 'Africa/Cairo', startsOn }
    await ok(api('/v1/task-series', { as: repeated.client, body: { taskId: repeated.taskId, ...rule } }))
    await archive()
    for (const old of [named, repeated]) expect(await stateOf(old)).toMatchObject(untouched)
  })
})

describe('a lead that came to nothing', () => {
  it('takes with it what was said about it, unless somebody who asked for it is held', async () => {
    const [gone, kept] = [await aLead(1), await aLead(1)]
    const rooms: string[] = []
    for (const { client, taskers, leadId, taskId } of [gone, kept]) {
      const { id } = await aRequest(taskers[0], leadId)
      const { conversationId } = (await ok(onRequest(client, id, 'reply'))).body
      rooms.push(conversationId)
      await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'No more.' } }))
      expect(await roomOf({ conversationId }).archive()).toBe(true)
      await asOwner(sql`update tasks set updated_at = ${at('5 years 1 day')} where id = ${taskId}`)
    }
    const id = await hold(kept.taskers[0])
    for (let run = 0; run < 2; run += 1) await archive()
    const left = await database().read(sql`
      select c.id, c.ended_at is not null as ended, (select count(*)::int from messages m where m.conversation_id = c.id and m.kind = 'text') as said,
             r.message, r.reply from conversations c join lead_requests r on r.id = c.lead_request_id where c.id in ${rooms} order by c.id`)
    expect(left).toEqual([
      { id: rooms[0], ended: true, said: 0, message: '[archived]', reply: '[archived]' },
      {
        id: rooms[1],
        ended: false,
        said: 2,
        message: 'I have done many of these.',
        reply: 'Can you come at ten?',
      },
    ])
    expect(await storageOf(roomOf({ conversationId: rooms[0] ?? '' }))).not.toContain('Can you come')
    await release(id)
  })
})

describe('the history of a task', () => {
  it('goes two years after a change, once the task has ended', async () => {
    const [ended, running] = [await aBooking({ state: 'settled' }), await aBooking({ state: 'confirmed' })]
    const ids = sql`${[ended.taskId, running.taskId]}`
    await asOwner(
      sql`update task_state_events set created_at = ${at('2 years 1 day')} where task_id in ${ids}`,
    )
    await asOwner(
      sql`update task_state_events set created_at = now() where task_id = ${ended.taskId} and to_state = 'settled'`,
    )
    for (const table of ['task_clocks', 'booking_deadlines'])
      await asOwner(sql`update ${sql.raw(table)} set ended_at = ${at('2 years 1 day')} where ended_at is not null
        and ${sql.raw(table === 'task_clocks' ? 'task_id' : '(select b.task_id from bookings b where b.id = booking_id)')} in ${ids}`)
    const deadlinesOf = async ({ bookingId }: { bookingId: string }) =>
      (
        await database().read<{ n: number }>(
          sql`select count(*)::int as n from booking_deadlines where booking_id = ${bookingId} and ended_at is not null`,
        )
      )[0]?.n
    expect(
      [await deadlinesOf(ended), await deadlinesOf(running)].every((n) => n !== undefined && n > 0),
    ).toBe(true)
    const before = await deadlinesOf(running)
    await runJobs(env, ['purgeTaskHistory'])
    expect([await deadlinesOf(ended), await deadlinesOf(running)]).toEqual([0, before])
    const left = async ({ taskId }: { taskId: string }) =>
      (
        await database().read<{ to: string }>(
          sql`select to_state as to from task_state_events where task_id = ${taskId} order by id`,
        )
      ).map(({ to }) => to)
    expect(await left(ended)).toEqual(['settled'])
    expect(await left(running)).toEqual(['draft', 'posted', 'accepted', 'confirmed'])
    await expect(
      database().write([sql`delete from task_state_events where task_id = ${ended.taskId}`]),
    ).rejects.toThrow()
  })
})

describe('a task that ended five years ago', () => {
  it.each(['settled', 'canceled'] as const)(
    'and was %s keeps what the books need, and loses the rest',
    async (state) => {
      const old = await anOldTask(state)
      expect(await stateOf(old)).toMatchObject({
        messages: 3,
        files: 1,
        reasons: state === 'canceled' ? 2 : 0,
      })
      const [money] = await database().read(
        sql`select count(*) as n from payment_intents where booking_id = ${old.bookingId}`,
      )
      for (let run = 0; run < 2; run += 1) {
        await archive()
        expect(await stateOf(old)).toEqual({
          ...archived,
          address: '[archived]',
          district: null,
          lat: 30,
          inputs: {},
          words: '',
          reason: null,
          hasHistory: true,
          reasons: 0,
          audited: [{ action: 'tasks.archive', changes: null }],
        })
      }
      expect(await env.MEDIA.head(old.key)).toBeNull()
      expect(await removalsOf(old)).toEqual([])
      expect(
        await database().read(
          sql`select count(*) as n from payment_intents where booking_id = ${old.bookingId}`,
        ),
      ).toEqual([money])
      for (const person of [old.client, old.tasker]) {
        expect((await api(pathOf(old), { as: person })).status).toBe(404)
      }
      expect(await liveLogOf(old)).not.toMatch(/under the mat|at nine|[0-9a-f]{8}-/)
    },
  )

  it('is kept while a party is under hold or its dispute is open', async () => {
    const [byClient, byTasker, disputed] = [await anOldTask(), await anOldTask(), await anOldTask()]
    const holds = [await hold(byClient.client), await hold(byTasker.tasker)]
    await asOwner(
      sql`insert into disputes (id, booking_id, status, opened_by, reason)
          values (${newId()}, ${disputed.bookingId}, 'open', ${disputed.client.userId}, 'Not done')`,
    )
    await archive()
    for (const old of [byClient, byTasker, disputed]) {
      expect(await stateOf(old)).toMatchObject(untouched)
      expect(await env.MEDIA.head(old.key)).not.toBeNull()
      expect(await wordsOf(old, old.tasker)).toContain('Coming at nine')
      expect(await liveLogOf(old)).toContain('Coming at nine')
    }
    await Promise.all(holds.map(release))
    await archive()
    expect(await stateOf(byClient)).toMatchObject(archived)
    expect(await stateOf(disputed)).toMatchObject({ description: 'The kitchen tap drips.' })
  })

  it('is deleted entirely or kept entirely when a hold is placed meanwhile', async () => {
    const old = await anOldTask()
    let placed: Promise<string> | undefined
    const withHold = <T extends object>(target: T): T =>
      new Proxy(target, {
        get:
          (_, name: string) =>
          async (...given: unknown[]) => {
            placed ??= hold(old.client)
            await placed
            return (target as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given)
          },
      })
    const rooms = { getByName: (id: string) => withHold(env.CONVERSATIONS.getByName(id)) }
    const meddled = { ...env, MEDIA: withHold(env.MEDIA), CONVERSATIONS: rooms } as typeof env
    await runJobs(meddled, ['archiveTasks', 'remove'])
    expect(placed).toBeDefined()
    const { description, messages, entries } = (await stateOf(old)) ?? {}
    const isInLog = /under the mat/.test(await liveLogOf(old))
    expect({ description, messages, entries, isInLog }).toEqual({
      description: '[archived]',
      messages: 0,
      entries: 0,
      isInLog: false,
    })
    // The files are temporary ones by now: what is held of those stays.
    await archive()
    expect(await stateOf(old)).toMatchObject({ files: 1 })
    expect(await env.MEDIA.head(old.key)).not.toBeNull()
    await release((await placed) ?? '')
    await archive()
    expect(await stateOf(old)).toMatchObject(archived)
    expect(await env.MEDIA.head(old.key)).toBeNull()
  })

  it('is deleted in the end, after hours of failing storage and live log', async () => {
    const old = await anOldTask()
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { MEDIA: _media, CONVERSATIONS: _rooms, ...rest } = env
    try {
      for (let hour = 0; hour < 3; hour += 1) {
        await runJobs(rest as typeof env, ['archiveTasks', 'remove', 'purgeMedia', 'remove'])
        await anHourPasses()
      }
      await database().write([
        sql`update removals set decided_at = now() - interval '25 hours' where key = ${old.conversationId}`,
      ])
      await runJobs(rest as typeof env, ['remove'])
      expect(complained).toHaveBeenCalledWith({
        message: 'removal.overdue',
        removals: 1,
      })
    } finally {
      complained.mockRestore()
    }
    expect(await stateOf(old)).toMatchObject(archived)
    expect(await removalsOf(old)).toEqual([{ kind: 'conversation' }, { kind: 'file' }])
    expect(await env.MEDIA.head(old.key)).not.toBeNull()
    expect(await liveLogOf(old)).toContain('Coming at nine')
    await anHourPasses()
    await runJobs(env, ['remove'])
    expect(await removalsOf(old)).toEqual([])
    expect(await env.MEDIA.head(old.key)).toBeNull()
    expect(await liveLogOf(old)).not.toContain('Coming at nine')
  })

  it('archives no message sent after the decision', async () => {
    const old = await anOldTask()
    await runJobs(env, ['archiveTasks'])
    // The live object has not heard of it.
    const say = (text: string) =>
      roomOf(old).send(old.client.userId, { clientMessageId: newId(), kind: 'text', text }, null)
    const said = await say('Are you still there?')
    expect(said.ok).toBe(true)
    await runJobs(env, ['remove'])
    expect(await roomOf(old).archive()).toBe(true)
    expect(await stateOf(old)).toMatchObject({ messages: 0, entries: 0 })
    const again = await say('Hello?')
    expect(again).toMatchObject({ ok: false, code: 'not_found' })
    expect(await liveLogOf(old)).not.toMatch(/still there|Hello/)
  })

  it('keeps a chat file that is used elsewhere', async () => {
    const old = await anOldTask()
    await database().write([
      sql`insert into user_profiles (user_id, avatar_media_id) values (${old.client.userId}, ${old.mediaId})`,
    ])
    await archive()
    expect(await stateOf(old)).toMatchObject({ ...archived, files: 1 })
    expect(await env.MEDIA.head(old.key)).not.toBeNull()
  })

  it('is not changed a day before its period ends', async () => {
    const story = await aBooking({ state: 'settled' })
    await asOwner(sql`update tasks set updated_at = ${at('4 years 364 days')} where id = ${story.taskId}`)
    await runJobs(env, ['archiveTasks'])
    expect((await ok(api(`/v1/tasks/${story.taskId}`, { as: story.client }))).body.description).toBe(
      'The kitchen tap drips.',
    )
  })
})
