import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { aSupporter } from '../../../contract/callers.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { pullEvents } from '../../../support/events.ts'
import { aFile } from '../../../support/profiles.ts'
import { aBooking, aClient, actorOf, anOps, type BookedStory, dispute, ok } from '../../../support/story.ts'

const path = (id: string, rest = '') => `/v1/disputes/${id}${rest}`
const add = (id: string, as: Caller, body: object) => api(path(id, '/evidence'), { as, body })
const listed = async (id: string, as: Caller) => (await ok(api(path(id, '/evidence'), { as }))).body.data
const statement = { kind: 'statement', text: 'I came twice and nobody opened.' }

async function aDispute() {
  const story = await aBooking({ state: 'settled' })
  return { story, id: await dispute(story), ops: await anOps() }
}

/** Messages as the archive holds them. */
async function said(story: BookedStory, texts: string[], media: (string | null)[] = []): Promise<void> {
  const { conversationId } = (await ok(api(`/v1/bookings/${story.bookingId}`, { as: story.client }))).body
  await database().write([
    ...texts.map(
      (text, index) => sql`insert into messages (id, conversation_id, sender_id, kind, seq, text, media_id)
        values (${newId()}, ${conversationId}, ${story.tasker.userId}, ${media[index] ? 'image' : 'text'}, ${index + 1}, ${text}, ${media[index] ?? null})`,
    ),
    sql`update conversations set archived_seq = ${texts.length} where id = ${conversationId}`,
  ])
}

describe('evidence', () => {
  it('comes from both sides and staff, and all of them see it', async () => {
    const { story, id, ops } = await aDispute()
    const photo = await aFile(story.client)
    const paper = await aFile(story.tasker, 'document')
    await ok(add(id, story.client, { kind: 'file', mediaId: photo, text: 'On Tuesday.' }))
    await ok(add(id, story.tasker, { kind: 'file', mediaId: paper }))
    await ok(add(id, ops, statement))
    for (const as of [story.client, story.tasker, ops]) {
      expect(await listed(id, as)).toMatchObject([
        { side: 'client', kind: 'file', mediaId: photo, text: 'On Tuesday.', addedBy: story.client.userId },
        { side: 'tasker', kind: 'file', mediaId: paper, text: null },
        { side: 'ops', ...statement },
      ])
      expect((await api(`/v1/media/${photo}`, { as })).status).toBe(200)
      expect((await api(`/v1/media/${paper}`, { as })).status).toBe(200)
    }
    const stranger = await aClient()
    expect((await add(id, stranger, statement)).status).toBe(404)
    expect((await api(path(id, '/evidence'), { as: stranger })).status).toBe(404)
    expect((await api(`/v1/media/${photo}`, { as: stranger })).status).toBe(404)
    const told = (await pullEvents(story.client)).data.map(({ type }: { type: string }) => type)
    expect(told).toContain('dispute.evidence_added')
  })

  it('of the other side is its response, and the review begins', async () => {
    const { story, id } = await aDispute()
    await ok(add(id, story.client, statement))
    expect((await ok(api(path(id), { as: story.client }))).body.respondedAt).toBeNull()
    await ok(add(id, story.tasker, statement))
    const { body } = await ok(api(path(id), { as: story.client }))
    expect(body.respondedAt).not.toBeNull()
    expect(Math.round((Date.parse(body.dueAt) - Date.now()) / 3_600_000)).toBe(48)
  })

  it('takes only files of one’s own that are there, and no voice', async () => {
    const { story, id } = await aDispute()
    for (const mediaId of [
      await aFile(story.tasker),
      await aFile(story.client, 'voice'),
      await aFile(story.client, 'image', { uploaded: false }),
      newId(),
    ])
      expect(await add(id, story.client, { kind: 'file', mediaId })).toMatchObject({
        status: 422,
        body: { code: 'media_refused' },
      })
    expect(await listed(id, story.client)).toEqual([])
  })

  it('ends with the decision, and never changes', async () => {
    const { story, id, ops } = await aDispute()
    await ok(add(id, story.client, statement))
    await ok(api(path(id, '/reject'), { as: ops, body: {} }))
    expect(await add(id, story.tasker, statement)).toMatchObject({
      status: 409,
      body: { code: 'dispute_decided' },
    })
    await expect(
      database(actorOf(ops)).write([
        sql`update dispute_evidence set text = 'Never came.' where dispute_id = ${id}`,
      ]),
    ).rejects.toThrow()
    expect((await listed(id, ops))[0].text).toBe(statement.text)
  })

  it('is limited for each side', async () => {
    const { story, id } = await aDispute()
    await database().write(
      Array.from(
        { length: 30 },
        () => sql`insert into dispute_evidence (id, dispute_id, added_by, side, kind, text)
          values (${newId()}, ${id}, ${story.client.userId}, 'client', 'statement', 'Again.')`,
      ),
    )
    expect((await add(id, story.client, statement)).body.code).toBe('too_much_evidence')
    await ok(add(id, story.tasker, statement))
  })
})

describe('an extract of the chat', () => {
  it('copies the messages, with their files, and what becomes of them later does not change it', async () => {
    const { story, id } = await aDispute()
    const photo = await aFile(story.tasker)
    await said(story, ['Three taps, as agreed.', 'Look.', 'Done.'], [null, photo, null])
    const { body } = await ok(add(id, story.client, { kind: 'chat', fromSeq: 1, toSeq: 2, text: 'Agreed.' }))
    expect(body.extract).toMatchObject({
      fromSeq: 1,
      toSeq: 2,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(body.extract.messages).toMatchObject([
      { seq: 1, text: 'Three taps, as agreed.', senderId: story.tasker.userId, mediaId: null },
      { seq: 2, mediaId: photo, deletedAt: null },
    ])
    await database().write([
      sql`update messages set text = null, media_id = null, deleted_at = now()
           where conversation_id = (select id from conversations where booking_id = ${story.bookingId})`,
    ])
    const [extract, file] = await listed(id, story.tasker)
    expect(extract).toEqual(body)
    expect(file).toMatchObject({ kind: 'file', mediaId: photo, citedIn: body.id, side: 'client' })
    expect((await api(`/v1/media/${photo}`, { as: story.client })).status).toBe(200)
    const [stored] = await database().read<{ same: boolean }>(
      sql`select extract_sha256 = khidma.text_sha256(extract::text) as same from dispute_evidence where id = ${body.id}`,
    )
    expect(stored?.same).toBe(true)
  })

  it('is of the booking’s own conversation, as far as it is archived', async () => {
    const { story, id } = await aDispute()
    await said(story, ['One.', 'Two.'])
    expect(await add(id, story.client, { kind: 'chat', fromSeq: 1, toSeq: 3 })).toMatchObject({
      status: 409,
      body: { code: 'messages_not_archived' },
    })
    for (const [fromSeq, toSeq] of [
      [2, 1],
      [0, 1],
      [1, 201],
    ])
      expect((await add(id, story.client, { kind: 'chat', fromSeq, toSeq })).status).toBe(400)
    await database().write([
      sql`delete from messages where conversation_id = (select id from conversations where booking_id = ${story.bookingId})`,
    ])
    expect((await add(id, story.client, { kind: 'chat', fromSeq: 1, toSeq: 2 })).body.code).toBe(
      'nothing_cited',
    )
  })
})

describe('an internal note', () => {
  it('is read and written by staff alone, also after the decision', async () => {
    const { story, id, ops } = await aDispute()
    const support = (await aSupporter()).as as Caller
    const body = { text: 'Third complaint about this tasker.' }
    const note = (as: Caller) => api(path(id, '/notes'), { as, body })
    expect((await ok(note(support))).body).toMatchObject({ ...body, authorId: support.userId })
    await ok(api(path(id, '/reject'), { as: ops, body: {} }))
    await ok(note(ops))
    expect((await ok(api(path(id, '/notes'), { as: ops }))).body.data).toHaveLength(2)
    for (const as of [story.client, story.tasker]) {
      expect((await note(as)).status).toBe(403)
      expect((await api(path(id, '/notes'), { as })).status).toBe(403)
    }
    expect((await api(path(newId(), '/notes'), { as: ops, body })).status).toBe(404)
    expect((await api(path(newId(), '/notes'), { as: ops })).status).toBe(404)
  })
})
