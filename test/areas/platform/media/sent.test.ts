import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { insertion } from '../../../../src/db/patch.ts'
import { mediaFiles } from '../../../../src/db/schema/platform/media.ts'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aChat, archiveOf, enter, evict, holdArchive, roomOf } from '../../../support/chat.ts'
import { whileDatabaseIsDown } from '../../../support/faults.ts'
import { ok } from '../../../support/story.ts'

/** In storage, as far as the database knows. */
async function aPhoto({ userId }: Caller): Promise<string> {
  const id = newId()
  const file = { id, userId, kind: 'image', mimeType: 'image/jpeg', storageUrl: 'r2://x', storageKey: id }
  const row = { ...file, fileSize: 4, uploadedAt: sql`now()` }
  await database().write([sql`insert into media_files ${insertion(mediaFiles, row)}`])
  return id
}

const image = (mediaId: string) => ({ type: 'send', clientMessageId: newId(), kind: 'image', mediaId })
const get = (id: string, as: Caller) => api(`/v1/media/${id}`, { as })
const statusOf = async (id: string, as: Caller) => (await get(id, as)).status

describe('a picture that was sent', () => {
  it('is readable for the other party at once, before it is archived', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const { device } = await enter(chat, ana)
    const { device: other } = await enter(chat, ben)
    await holdArchive(chat)
    for (let seq = 1; seq <= 2; seq += 1) {
      const mediaId = await aPhoto(ana)
      device.send({ ...image(mediaId), id: `r${seq}` })
      expect(await other.take('message')).toMatchObject({ seq, mediaId })
      expect((await archiveOf(chat)).archivedSeq).toBe(seq - 1)
      const opened = await get(mediaId, ben)
      expect([opened.status, opened.body.id]).toEqual([200, mediaId])
      expect(opened.body.downloadUrl).toContain(mediaId)
      // From here on the archive answers by itself.
      expect((await get(mediaId, ben)).headers.get('server-timing')).toContain('round-trips=1')
    }
  })

  it('over HTTP is readable as well, after a repeat and after hibernation', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const mediaId = await aPhoto(ana)
    const { type: _type, ...body } = image(mediaId)
    for (let times = 0; times < 2; times += 1)
      await ok(api(`/v1/conversations/${chat.conversationId}/messages`, { as: ana, body }))
    await evict(roomOf(chat))
    expect(await statusOf(mediaId, ben)).toBe(200)
    expect((await archiveOf(chat)).seqs).toEqual([1])
  })

  it('returns 404 to strangers, other contacts of its sender and removed participants', async () => {
    const chat = await aChat({ count: 3, kind: 'group' })
    const [ana, ben, eve] = chat.people as [Caller, Caller, Caller]
    const [elsewhere, stranger, mediaId] = [await aChat({ with: ana }), await signedIn(), await aPhoto(ana)]
    const { device } = await enter(chat, ana)
    await roomOf(chat).removeParticipant(eve.userId)
    await holdArchive(chat)
    await device.ask(image(mediaId))
    const nobody = await get(newId(), stranger)
    for (const as of [stranger, elsewhere.people[1], eve]) {
      const { status, body, headers } = await get(mediaId, as)
      expect([status, body.code, body.detail]).toEqual([404, 'not_found', nobody.body.detail])
      if (as === stranger) expect(headers.get('server-timing')).toContain('round-trips=1')
    }
    expect(await statusOf(mediaId, ben)).toBe(200)
  })

  it('grants access only by being sent by its owner', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const [kept, foreign, takenBack] = [await aPhoto(ana), await aPhoto(await signedIn()), await aPhoto(ana)]
    const { device } = await enter(chat, ana)
    expect(await device.ask(image(foreign))).toMatchObject({ code: 'media_refused' })
    const { messageId } = await device.ask(image(takenBack))
    await device.ask({ type: 'delete', clientActionId: newId(), messageId })
    for (const id of [kept, foreign, takenBack]) expect(await statusOf(id, ben)).toBe(404)
  })

  it('returns 503 while the database is down', async () => {
    const chat = await aChat()
    const [ana, ben] = chat.people
    const mediaId = await aPhoto(ana)
    const { device } = await enter(chat, ana)
    await device.ask(image(mediaId))
    await whileDatabaseIsDown(async () => expect(await statusOf(mediaId, ben)).toBe(503))
    expect(await statusOf(mediaId, ben)).toBe(200)
  })
})
