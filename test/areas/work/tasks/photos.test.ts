import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { insertion } from '../../../../src/db/patch.ts'
import { offers } from '../../../../src/db/schema/work/matching.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, aClient, anAdmin, anOps, aPostedTask, aTasker, ok } from '../../../support/story.ts'
import { aDraft, aTrade, codeOf, type Trade } from '../../../support/work.ts'

let trade: Trade
let client: Caller
let taskId: string

beforeAll(async () => {
  trade = await aTrade()
  client = await aClient()
})

const add = (id: string, body: object, as = client) => api(`/v1/tasks/${id}/photos`, { as, body })
const order = (photoIds: string[]) =>
  api(`/v1/tasks/${taskId}/photo-order`, { as: client, method: 'PUT', body: { photoIds } })
const patch = (photoId: string, body: object, as = client) =>
  api(`/v1/tasks/${taskId}/photos/${photoId}`, { as, method: 'PATCH', body })

interface Photo {
  id: string
  caption: string | null
  isPrimary: boolean
}
const photosOf = async (): Promise<Photo[]> =>
  (await ok(api(`/v1/tasks/${taskId}`, { as: client }))).body.photos
const primary = (photos: Photo[]) => photos.flatMap(({ isPrimary }, n) => (isPrimary ? [n] : []))

describe('the photos of a task', () => {
  it('have one that is primary, a caption and an order', async () => {
    taskId = (await aDraft(client, trade)).id
    const files = [await aFile(client, 'image'), await aFile(client, 'image'), await aFile(client, 'image')]
    await ok(add(taskId, { mediaId: files[0], caption: 'The tap' }))
    await ok(add(taskId, { mediaId: files[1] }))
    const { body, headers } = await ok(add(taskId, { mediaId: files[2], isPrimary: true }))
    expect(body.photos).toMatchObject([{ caption: 'The tap' }, { mediaId: files[1] }, { isPrimary: true }])
    expect(headers.get('server-timing')).toMatch(/round-trips=1/)
    const [a, b, c] = (body.photos as Photo[]).map(({ id }) => id) as [string, string, string]
    expect(primary(await photosOf())).toEqual([2])
    expect((await ok(patch(a, { isPrimary: true, caption: null }))).body.photos[0]).toMatchObject({
      isPrimary: true,
      caption: null,
    })
    expect(primary(await photosOf())).toEqual([0])
    await ok(order([c, a, b]))
    expect((await photosOf()).map(({ id }) => id)).toEqual([c, a, b])
    for (const wrong of [
      [c, a],
      [c, a, newId()],
      [c, a, b, newId()],
    ])
      expect(await codeOf(order(wrong))).toBe('422 photos_incomplete')
    expect(await codeOf(order([c, c, a]))).toBe('400 invalid_request')
    // The first of the others is primary.
    await ok(api(`/v1/tasks/${taskId}/photos/${a}`, { as: client, method: 'DELETE' }))
    expect(primary(await photosOf())).toEqual([0])
    expect(await codeOf(patch(a, { caption: 'Gone' }))).toBe('404 not_found')
    const [file] = await database().read<{ expires: boolean }>(
      sql`select expires_at is not null as expires from media_files where id = ${files[0]}`,
    )
    expect(file?.expires).toBe(true)
  })

  it('are images of the client, each once, as many as the category allows', async () => {
    const { id } = await aDraft(client, trade)
    const mediaId = await aFile(client, 'image')
    await ok(add(id, { mediaId }))
    expect(await codeOf(add(id, { mediaId }))).toBe('409 already_exists')
    for (const refused of [
      await aFile(await aClient(), 'image'),
      await aFile(client, 'document'),
      await aFile(client, 'image', { uploaded: false }),
      newId(),
    ])
      expect(await codeOf(add(id, { mediaId: refused }))).toBe('422 media_refused')
    const entry = { key: 'tasks.photos', scope: { categoryId: trade.id }, value: 1, reason: 'Test' }
    await ok(api('/v1/config/entries', { as: await anAdmin(), body: entry }))
    expect(await codeOf(add(id, { mediaId: await aFile(client, 'image') }))).toBe('409 limit_reached')
  })

  it('change until the work starts, by its client or staff', async () => {
    const started = await aBooking({ state: 'in_progress' })
    const file = await aFile(started.client, 'image')
    expect(await codeOf(add(started.taskId, { mediaId: file }, started.client))).toBe('409 not_editable')
    const booked = await aBooking({ state: 'accepted' })
    const other = await aFile(booked.client, 'image')
    expect(await codeOf(add(booked.taskId, { mediaId: other }, booked.tasker))).toBe('403 forbidden')
    expect(await codeOf(add(booked.taskId, { mediaId: other }, await aClient()))).toBe('404 not_found')
    await ok(add(booked.taskId, { mediaId: other }, booked.client))
    const { photos } = (await ok(api(`/v1/tasks/${booked.taskId}`, { as: booked.tasker }))).body
    const path = `/v1/tasks/${booked.taskId}/photos/${photos[0].id}`
    expect((await ok(api(path, { as: await anOps(), method: 'DELETE' }))).body.photos).toEqual([])
  })

  it('are opened by whoever may see the task, and by nobody else', async () => {
    const posted = await aPostedTask()
    const mediaId = await aFile(posted.client, 'image')
    const open = (as: Caller) => codeOf(api(`/v1/media/${mediaId}`, { as }))
    const [offered, stranger] = [await aTasker(), await aTasker()]
    const offer = {
      id: newId(),
      taskId: posted.taskId,
      taskerId: offered.userId,
      wave: 1,
      expiresAt: sql`now() + interval '1 minute'`,
    }
    await database().write([sql`insert into offers ${insertion(offers, offer)}`])
    expect(await open(offered)).toBe('404 not_found')
    await ok(add(posted.taskId, { mediaId }, posted.client))
    expect(await Promise.all([posted.client, offered, stranger, await aClient()].map(open))).toEqual([
      '200',
      '200',
      '404 not_found',
      '404 not_found',
    ])
    const booked = await aBooking()
    const theirs = await aFile(booked.client, 'image')
    await ok(add(booked.taskId, { mediaId: theirs }, booked.client))
    expect(await codeOf(api(`/v1/media/${theirs}`, { as: booked.tasker }))).toBe('200')
    await database().write([sql`update offers set status = 'expired' where id = ${offer.id}`])
    expect(await open(offered)).toBe('404 not_found')
  })
})
