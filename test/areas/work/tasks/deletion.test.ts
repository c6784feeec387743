import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, aClient, anAdmin, anOps, aPostedTask, ok, taskStateOf } from '../../../support/story.ts'
import { aDraft, aTrade, codeOf, type Trade } from '../../../support/work.ts'

let trade: Trade
let client: Caller

beforeAll(async () => {
  trade = await aTrade()
  client = await aClient()
})

const remove = (id: string, as: Caller, headers = {}) =>
  api(`/v1/tasks/${id}`, { as, method: 'DELETE', headers })
const restore = (id: string, as: Caller) => api(`/v1/tasks/${id}/restore`, { as, method: 'POST' })
const listed = async (as: Caller, query = ''): Promise<string[]> =>
  (await ok(api(`/v1/tasks?limit=100${query}`, { as }))).body.data.map(({ id }: { id: string }) => id)

describe('a deleted task', () => {
  it('is in no list but that of deleted ones, and comes back with its photos and add-ons', async () => {
    const { id } = await aDraft(client, trade)
    const mediaIds = [await aFile(client, 'image'), await aFile(client, 'image')]
    for (const mediaId of mediaIds) await ok(api(`/v1/tasks/${id}/photos`, { as: client, body: { mediaId } }))
    const { photos } = (await ok(api(`/v1/tasks/${id}`, { as: client }))).body
    // Removed before: it is not brought back.
    await ok(api(`/v1/tasks/${id}/photos/${photos[1].id}`, { as: client, method: 'DELETE' }))

    expect((await remove(id, client)).status).toBe(204)
    expect(await listed(client)).not.toContain(id)
    expect(await listed(client, '&deleted=true')).toEqual([id])
    expect(await listed(await anOps(), `&clientId=${client.userId}&deleted=true`)).toEqual([id])
    const gone = (await ok(api(`/v1/tasks/${id}`, { as: client }))).body
    expect(gone).toMatchObject({ deletedAt: expect.any(String), photos: [{ mediaId: mediaIds[0] }] })
    const [row] = await database().read<{ hidden: number }>(
      sql`select count(*)::int as hidden from task_photos where task_id = ${id} and deleted_at is not null`,
    )
    expect(row?.hidden).toBe(1)
    // Again: nothing changes.
    expect((await remove(id, client)).status).toBe(204)
    expect((await ok(api(`/v1/tasks/${id}`, { as: client }))).body.deletedAt).toBe(gone.deletedAt)

    expect(await codeOf(api(`/v1/tasks/${id}/post`, { as: client, method: 'POST' }))).toBe('409 task_deleted')
    expect(
      await codeOf(api(`/v1/tasks/${id}`, { as: client, method: 'PATCH', body: { city: 'Giza' } })),
    ).toBe('409 task_deleted')
    expect(await codeOf(api(`/v1/tasks/${id}/photos`, { as: client, body: { mediaId: mediaIds[1] } }))).toBe(
      '409 task_deleted',
    )

    const back = (await ok(restore(id, client))).body
    expect(back).toMatchObject({
      deletedAt: null,
      restoredAt: expect.any(String),
      photos: [{ mediaId: mediaIds[0], isPrimary: true }],
    })
    expect(await listed(client)).toContain(id)
    expect((await ok(restore(id, client))).body.version).toBe(back.version)
  })

  it('is deleted by its client or staff, at the version that they saw, and by nobody else', async () => {
    const { id } = await aDraft(client, trade)
    expect(await codeOf(remove(id, await aClient()))).toBe('404 not_found')
    expect(await codeOf(restore(id, await aClient()))).toBe('404 not_found')
    expect(await codeOf(remove(id, client, { 'if-match': '"v9.en"' }))).toBe('412 precondition_failed')
    expect((await remove(id, await anOps())).status).toBe(204)
  })

  it('must be a draft or have ended', async () => {
    for (const state of ['accepted', 'confirmed', 'in_progress', 'completed', 'disputed'] as const) {
      const story = await aBooking({ state })
      expect([state, await codeOf(remove(story.taskId, story.client))]).toEqual([state, '409 not_deletable'])
    }
    const posted = await aPostedTask()
    expect(await codeOf(remove(posted.taskId, posted.client))).toBe('409 not_deletable')
    const settled = await aBooking({ state: 'settled' })
    expect(await codeOf(remove(settled.taskId, settled.tasker))).toBe('403 forbidden')
    expect((await remove(settled.taskId, settled.client)).status).toBe(204)
    // The booking is the tasker's too.
    expect((await ok(api(`/v1/bookings/${settled.bookingId}`, { as: settled.tasker }))).body.status).toBe(
      'completed',
    )
  })

  it('is restored by a dispute about its work', async () => {
    const { taskId, bookingId, client: owner, tasker } = await aBooking({ state: 'settled' })
    await ok(remove(taskId, owner))
    await ok(api(`/v1/bookings/${bookingId}/dispute`, { as: tasker, body: { reason: 'I was not paid.' } }))
    expect(await taskStateOf(taskId)).toBe('disputed')
    expect((await ok(api(`/v1/tasks/${taskId}`, { as: owner }))).body.deletedAt).toBeNull()
  })

  it('stays when its category is deleted, and cannot be posted before that is restored', async () => {
    const other = await aTrade()
    const { id } = await aDraft(client, other)
    const admin = await anAdmin()
    await ok(api(`/v1/categories/${other.id}`, { as: admin, method: 'DELETE' }))
    expect((await ok(api(`/v1/tasks/${id}`, { as: client }))).body.deletedAt).toBeNull()
    const post = () => api(`/v1/tasks/${id}/post`, { as: client, method: 'POST' })
    expect(await codeOf(post())).toBe('422 unknown_category')
    await ok(api(`/v1/categories/${other.id}/restore`, { as: admin, method: 'POST' }))
    await ok(post())
  })
})
