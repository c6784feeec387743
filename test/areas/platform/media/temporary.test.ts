import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { runJobs } from '../../../../src/scheduled.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { aChat, enter, roomOf, text } from '../../../support/chat.ts'
import { ok } from '../../../support/story.ts'

const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const week = 7 * 86_400_000

async function uploaded(as: Caller): Promise<string> {
  const body = { kind: 'image', mimeType: 'image/png', fileSize: bytes.byteLength }
  const { id, uploadUrl } = (await ok(api('/v1/media', { as, body }))).body
  const { pathname, search } = new URL(uploadUrl)
  const headers = { 'content-type': 'image/png' }
  await ok(api(`${pathname}${search}`, { method: 'PUT', body: bytes, headers }))
  return id
}

const endOf = async (as: Caller, id: string): Promise<string | null> =>
  (await ok(api(`/v1/media/${id}`, { as }))).body.expiresAt

/** A week and a day go by for one file, and the job runs. */
async function aWeekGoesBy(id: string): Promise<void> {
  await database().write([
    sql`update media_files set created_at = created_at - interval '8 days', expires_at = expires_at - interval '8 days' where id = ${id}`,
  ])
  await runJobs(env, ['purgeMedia', 'remove'])
}

async function isThere(as: Caller, id: string): Promise<boolean> {
  const stored = await env.MEDIA.head(`media/${as.userId}/${id}`)
  const { status } = await api(`/v1/media/${id}`, { as })
  expect(status).toBe(stored ? 200 : 404)
  return stored !== null
}

const patch = (as: Caller, avatarMediaId: string | null) =>
  ok(api('/v1/me/profile', { as, method: 'PATCH', body: { avatarMediaId } }))

describe('an unused file', () => {
  it('is deleted a week after its upload, as announced', async () => {
    const me = await signedIn()
    const id = await uploaded(me)
    const end = Date.parse((await endOf(me, id)) ?? '')
    expect(end - Date.now()).toBeGreaterThan(week - 60_000)
    expect(end - Date.now()).toBeLessThanOrEqual(week + 60_000)
    await runJobs(env, ['purgeMedia', 'remove'])
    expect(await isThere(me, id)).toBe(true)
    await aWeekGoesBy(id)
    expect(await isThere(me, id)).toBe(false)
  })

  it('stays while it is a picture of somebody, and goes a week after another took its place', async () => {
    const me = await signedIn()
    const [first, second] = [await uploaded(me), await uploaded(me)]
    await patch(me, first)
    expect(await endOf(me, first)).toBeNull()
    await aWeekGoesBy(first)
    expect(await isThere(me, first)).toBe(true)
    await patch(me, second)
    expect(await endOf(me, first)).not.toBeNull()
    expect(await endOf(me, second)).toBeNull()
    await aWeekGoesBy(first)
    await aWeekGoesBy(second)
    expect([await isThere(me, first), await isThere(me, second)]).toEqual([false, true])
    expect((await ok(api('/v1/me/profile', { as: me }))).body.avatarMediaId).toBe(second)
  })

  it('is kept while one of two places uses it', async () => {
    const me = await signedIn()
    const id = await uploaded(me)
    await patch(me, id)
    await ok(api('/v1/me', { as: me, method: 'PATCH', body: { accountType: 'company' } }))
    const company = { companyName: 'Nile Ltd', logoMediaId: id }
    await ok(api('/v1/me/company-profile', { as: me, method: 'PUT', body: company }))
    await patch(me, null)
    expect(await endOf(me, id)).toBeNull()
    await aWeekGoesBy(id)
    expect(await isThere(me, id)).toBe(true)
  })

  it('is kept while a message uses it, and deleted a week after the message is', async () => {
    const chat = await aChat()
    const [ana] = chat.people
    const id = await uploaded(ana)
    const { device } = await enter(chat, ana)
    const { messageId } = await device.ask({
      type: 'send',
      clientMessageId: newId(),
      kind: 'image',
      mediaId: id,
    })
    await roomOf(chat).archive()
    expect(await endOf(ana, id)).toBeNull()
    await aWeekGoesBy(id)
    expect(await isThere(ana, id)).toBe(true)
    await device.ask({ type: 'delete', clientActionId: newId(), messageId })
    await device.ask(text('Never mind.'))
    await roomOf(chat).archive()
    expect(await endOf(ana, id)).not.toBeNull()
    await aWeekGoesBy(id)
    expect(await isThere(ana, id)).toBe(false)
  })

  it('is kept while its owner is under a legal hold', async () => {
    const me = await signedIn()
    const id = await uploaded(me)
    await database().write([
      sql`insert into legal_holds (id, user_id, reason) values (${newId()}, ${me.userId}, 'Case 9')`,
    ])
    await aWeekGoesBy(id)
    expect(await isThere(me, id)).toBe(true)
  })

  it('cannot be used once expired', async () => {
    const me = await signedIn()
    const id = await uploaded(me)
    await database().write([sql`update media_files set expires_at = now() where id = ${id}`])
    await database().write([sql`select khidma.end_temporary_media(1000)`])
    const { status, body } = await api('/v1/me/profile', {
      as: me,
      method: 'PATCH',
      body: { avatarMediaId: id },
    })
    expect([status, body.code]).toEqual([422, 'media_refused'])
    await expect(
      database().write([
        sql`insert into user_profiles (user_id, avatar_media_id) values (${me.userId}, ${id})`,
      ]),
    ).rejects.toMatchObject({ code: 'media_refused' })
  })
})
