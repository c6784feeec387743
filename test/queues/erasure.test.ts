import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { runScheduled } from '../../src/scheduled.ts'
import {
  mentions,
  someone,
  storageOf,
  timePasses,
  tracesInDatabase,
  tracesInStorage,
} from '../areas/people/privacy/traces.ts'
import { api, database, env } from '../support/api.ts'
import { channelOf, enter, roomOf, text } from '../support/chat.ts'
import { eventually } from '../support/eventually.ts'
import { aBooking, aClient, anOps, ok, pay, withKey } from '../support/story.ts'

const cron = () =>
  runScheduled(createScheduledController({ cron: '* * * * *' }), env, createExecutionContext())

const notesOf = async (userId: string): Promise<number> => {
  const [row] = await database().read<{ n: number }>(
    sql`select count(*)::int as n from notifications where user_id = ${userId}`,
  )
  return row?.n ?? 0
}

/** Without the development outbox, which replaces the user’s own mailbox and may contain their codes. */
const keptOf = async (traces: string[]): Promise<string[]> =>
  (await tracesInStorage(traces)).filter((key) => !key.startsWith('__dev/outbox/'))

it('cron and queue erase a person completely, after events, notifications and messages', async () => {
  const person = await someone(await aClient())
  const { caller, name, traces } = person
  const story = await aBooking({ client: caller, state: 'completed' })
  const { data } = (await ok(api('/v1/conversations', { as: caller }))).body
  const chat = { conversationId: data[0].id }
  const { device } = await enter(chat, story.tasker)
  await device.ask(text(`Done, ${name}. I will call ${caller.phone}.`))
  await pay(story)
  const { id: exportId } = (
    await ok(api('/v1/me/exports', { as: caller, method: 'POST', headers: withKey() }))
  ).body
  await eventually('the export', async () => {
    const { status } = (await ok(api(`/v1/me/exports/${exportId}`, { as: caller }))).body
    return status === 'ready' && (await notesOf(caller.userId)) > 1
  })
  expect(await keptOf(traces)).not.toEqual([])

  const { id } = (await ok(api('/v1/me/erasure', { as: caller, body: {} }))).body
  const ops = await anOps()
  const statusOf = async () => (await ok(api(`/v1/erasure-requests/${id}`, { as: ops }))).body.status
  for (const status of ['wiped', 'completed']) {
    await timePasses(id)
    await cron()
    await eventually(`the status ${status}`, async () => (await statusOf()) === status)
  }

  expect(await tracesInDatabase(traces)).toEqual([])
  expect(await keptOf(traces)).toEqual([])
  expect(await notesOf(caller.userId)).toBe(0)
  for (const stub of [roomOf(chat), channelOf(caller), channelOf(story.tasker)]) {
    expect(mentions(await storageOf(stub), traces)).toBe(false)
  }
})
