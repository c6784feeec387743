import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import type { Env } from '../../../../../src/env.ts'
import { consumeErasure } from '../../../../../src/queues/erasure.ts'
import { consumeExport } from '../../../../../src/queues/export.ts'
import { runJobs } from '../../../../../src/scheduled.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { enter, text } from '../../../../support/chat.ts'
import { eventually } from '../../../../support/eventually.ts'
import { aBooking, aClient, anOps, ok } from '../../../../support/story.ts'
import { runPass, searchTimeout, someone, timePasses, tracesInDatabase } from '../traces.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const seen = async (id: string) => (await ok(api(`/v1/erasure-requests/${id}`, { as: await anOps() }))).body

async function dueErasure(as: Caller): Promise<string> {
  const { id } = (await ok(api('/v1/me/erasure', { as, body: {} }))).body
  await timePasses(id)
  return id
}

/** The queue takes messages, and this test gives them out. */
function withQueue(given: Env = env) {
  const messages: unknown[] = []
  const PRIVACY = {
    send: async (body: unknown) => void messages.push(body),
    sendBatch: async (batch: Iterable<{ body: unknown }>) =>
      void messages.push(...[...batch].map(({ body }) => body)),
  }
  return { messages, env: { ...given, PRIVACY: PRIVACY as unknown as Env['PRIVACY'] } }
}

const complaints = () => vi.spyOn(console, 'error').mockImplementation(() => {})

/** The next sign of life is an hour away: what a run counts is looked for in its log line. */
async function overdueSeenBy(job: 'dueErasures' | 'dueExports'): Promise<Record<string, unknown>[]> {
  const said = complaints()
  await runJobs(withQueue().env, [job])
  const lines = said.mock.calls.map(([line]) => line as Record<string, unknown>)
  said.mockRestore()
  return lines
}

const overdue = async (as: Caller) =>
  (await ok(api(`/v1/erasure-requests?overdue=true&userId=${as.userId}`, { as: await anOps() }))).body.data

describe('a stalled erasure', { timeout: searchTimeout }, () => {
  it('is shown to staff with its current step while storage fails, and completes afterwards', async () => {
    const { caller, traces } = await someone(await aClient())
    const id = await dueErasure(caller)
    const broken = { ...env, MEDIA: { list: () => Promise.reject(new Error('storage is away')) } }
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(consumeErasure(broken as unknown as Env, id)).rejects.toThrow('storage is away')
      await timePasses(id)
    }
    expect(await seen(id)).toMatchObject({ status: 'running', step: 'files', attempts: 3 })
    expect(await overdue(caller)).toEqual([])
    await database().write([
      sql`update erasure_requests set started_at = now() - interval '25 hours' where id = ${id}`,
    ])
    expect(await overdue(caller)).toMatchObject([{ id, step: 'files', status: 'running' }])
    expect(await overdueSeenBy('dueErasures')).toContainEqual({
      message: 'erasure.overdue',
      erasures: expect.any(Number),
    })
    // Its message died with its consumer: cron sends another. Before those that others have left.
    await database().write([
      sql`update erasure_requests set next_at = now() - interval '1 year' where id = ${id}`,
    ])
    const queue = withQueue()
    await runJobs(queue.env, ['dueErasures'])
    expect(queue.messages).toContainEqual({ kind: 'erasure', erasureId: id })
    await runPass(id)
    expect((await seen(id)).status).toBe('wiped')
    await runPass(id)
    expect((await seen(id)).status).toBe('completed')
    expect(await overdue(caller)).toEqual([])
    expect(await tracesInDatabase(traces)).toEqual([])
  })

  it('that no consumer has taken is shown as well', async () => {
    const caller = await aClient()
    const { id } = (await ok(api('/v1/me/erasure', { as: caller, body: {} }))).body
    await database().write([
      sql`update erasure_requests set next_at = now() - interval '25 hours' where id = ${id}`,
    ])
    expect(await overdue(caller)).toMatchObject([{ id, status: 'scheduled' }])
    const others = await ok(
      api(`/v1/erasure-requests?overdue=false&userId=${caller.userId}`, { as: await anOps() }),
    )
    expect(others.body.data).toEqual([])
  })

  it('pauses within a very long conversation and continues there with the next message', async () => {
    const { caller, name, traces } = await someone(await aClient())
    await aBooking({ client: caller, state: 'settled' })
    const { data } = (await ok(api('/v1/conversations', { as: caller }))).body
    const { device } = await enter({ conversationId: data[0].id }, caller)
    await device.ask(text(`I am ${name}`))
    const id = await dueErasure(caller)
    const now = Date.now
    let calls = 0
    let skippedMs = 0
    vi.spyOn(Date, 'now').mockImplementation(() => now() + skippedMs)
    // Ten calls' worth of messages, each of which takes long.
    const getByName = (room: string) => ({
      forget: async (userId: string, words: string[]) => {
        calls += 1
        skippedMs += 16_000
        return calls < 10 ? false : env.CONVERSATIONS.getByName(room).forget(userId, words)
      },
    })
    const queue = withQueue({ ...env, CONVERSATIONS: { getByName } as unknown as Env['CONVERSATIONS'] })
    let messages = 1
    for (; messages < 50 && (await seen(id)).status !== 'wiped'; messages += 1) {
      const before = calls
      await consumeErasure(queue.env, id)
      expect(calls - before).toBeLessThanOrEqual(1)
      skippedMs = 0
    }
    expect(calls).toBeGreaterThanOrEqual(10)
    expect(queue.messages).toContainEqual({ kind: 'erasure', erasureId: id })
    vi.restoreAllMocks()
    await runPass(id)
    expect(await tracesInDatabase(traces)).toEqual([])
  })
})

describe('a stalled export', () => {
  it('is reported to staff after a day, and when given up', async () => {
    const [waiting, failed] = [await signedIn(), await signedIn()]
    await database().write([
      sql`insert into export_requests (id, user_id, created_at, next_at) values (${newId()}, ${waiting.userId}, now() - interval '25 hours', now() + interval '10 minutes')`,
      sql`insert into export_requests (id, user_id, status, completed_at) values (${newId()}, ${failed.userId}, 'failed', now())`,
    ])
    const lines = await overdueSeenBy('dueExports')
    const line = lines.find(({ message }) => message === 'export.failed')
    expect(line?.overdue).toBeGreaterThanOrEqual(1)
    expect(line?.givenUp).toBeGreaterThanOrEqual(1)
  })

  it('leaves no file when storage fails while it is given up', async () => {
    const person = await signedIn()
    const [id, key] = [newId(), (exportId: string) => `exports/${person.userId}/${exportId}.json`]
    await env.MEDIA.put(key(id), 'made by who died before saying so')
    await database().write([
      sql`insert into export_requests (id, user_id, attempts) values (${id}, ${person.userId}, 5)`,
    ])
    const broken = { ...env, MEDIA: { delete: () => Promise.reject(new Error('storage is away')) } }
    await expect(consumeExport(broken as unknown as Env, id)).rejects.toThrow('storage is away')
    expect(await env.MEDIA.head(key(id))).not.toBeNull()
    await eventually('the end of the file, behind what others have left', async () => {
      await runJobs(env, ['remove'])
      return (await env.MEDIA.head(key(id))) === null
    })
    expect(await database().read(sql`select id from removals where key = ${key(id)}`)).toEqual([])
  })
})
