import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { publishDueReviews } from '../../../../src/areas/trust/reviews/jobs.ts'
import type { Context } from '../../../../src/core/context.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aBooking, aClient, anOps, aTasker, type BookedStory, ok, review } from '../../../support/story.ts'

const give = (story: BookedStory, as: Caller, body: object = { rating: 4 }) =>
  api(`/v1/bookings/${story.bookingId}/review`, { as, body })
const read = (id: string, as: Caller) => api(`/v1/reviews/${id}`, { as })
const act = (id: string, action: string, as: Caller, body?: object) =>
  api(`/v1/reviews/${id}/${action}`, { as, method: 'POST', ...(body && { body }) })
const patch = (id: string, as: Caller, version: number, body: object) =>
  api(`/v1/reviews/${id}`, { as, method: 'PATCH', body, headers: { 'If-Match': `"v${version}.en"` } })
const reputation = async (path: string, as?: Caller) =>
  (await ok(api(`/v1/${path}/reputation`, as ? { as } : {}))).body
const sweep = () =>
  publishDueReviews({ db: database(), actor: { kind: 'system', job: 'test' } } as Context, 100)

/** Lets the time to review pass. */
const windowEnds = (id: string) =>
  database().write([sql`update reviews set publishes_at = now() - interval '1 second' where id = ${id}`])

async function published() {
  const story = await aBooking({ state: 'completed' })
  const id = await review(story, story.client, 2)
  const back = await review(story, story.tasker, 5)
  return { ...story, id, back }
}

describe('a review', () => {
  it('is read by its author alone until the other side has written theirs', async () => {
    const story = await aBooking({ state: 'completed' })
    const { body } = await ok(give(story, story.client, { rating: 2, comment: 'Late.' }))
    expect(body).toMatchObject({ status: 'pending', publishedAt: null })
    expect((await read(body.id, story.client)).status).toBe(200)
    expect((await read(body.id, story.tasker)).status).toBe(404)
    expect((await act(body.id, 'answer', story.tasker, { text: 'No.' })).status).toBe(404)
    const received = () => ok(api('/v1/me/reviews?direction=received', { as: story.tasker }))
    expect((await received()).body.data).toEqual([])
    expect(JSON.stringify((await ok(api('/v1/events', { as: story.tasker }))).body)).not.toContain('"rating"')

    const second = await ok(give(story, story.tasker))
    expect(second.body.status).toBe('published')
    expect((await read(body.id, story.tasker)).body).toMatchObject({ status: 'published', rating: 2 })
    expect((await received()).body.data).toHaveLength(1)
  })

  it('is published when the time is over, by the instant and not by the job', async () => {
    const story = await aBooking({ state: 'completed' })
    const { id } = (await ok(give(story, story.client))).body
    await windowEnds(id)
    expect((await read(id, story.tasker)).body).toMatchObject({ status: 'published' })
    expect((await ok(api(`/v1/taskers/${story.tasker.userId}/reviews`))).body.data).toHaveLength(1)
    // The other side could answer a review that it has read with one of its own.
    expect(await give(story, story.tasker)).toMatchObject({
      status: 409,
      body: { code: 'review_window_over' },
    })
    await sweep()
    expect(await reputation(`taskers/${story.tasker.userId}`)).toMatchObject({ reviewCount: 1, average: 4 })
  })

  it('has its criteria from the configuration of the side that is reviewed', async () => {
    const story = await aBooking({ state: 'completed' })
    const refused = await give(story, story.client, { rating: 5, criteria: { respect: 5 } })
    expect(refused).toMatchObject({ status: 422, body: { code: 'criteria_not_asked' } })
    expect(refused.body.detail).toContain('quality')
    await ok(give(story, story.client, { rating: 5, criteria: { quality: 4, value: 2 } }))
    await ok(give(story, story.tasker, { rating: 3, criteria: { respect: 5 } }))
    expect(await reputation(`taskers/${story.tasker.userId}`)).toMatchObject({
      stars: [0, 0, 0, 0, 1],
      criteria: [
        { name: 'quality', count: 1, average: 4 },
        { name: 'value', count: 1, average: 2 },
      ],
    })
    const ofClient = await reputation(`clients/${story.client.userId}`, story.tasker)
    expect(ofClient).toMatchObject({ average: 3, criteria: [{ name: 'respect', count: 1, average: 5 }] })
  })

  it('is changed by its author: the scores until it can be read, the text for a while after that', async () => {
    const story = await aBooking({ state: 'completed' })
    const { id, version } = (await ok(give(story, story.client, { rating: 1 }))).body
    expect((await patch(id, story.tasker, version, { rating: 5 })).status).toBe(403)
    expect((await patch(id, await aClient(), version, { rating: 5 })).status).toBe(404)
    const changed = await ok(patch(id, story.client, version, { rating: 2 }))
    expect(changed.body.rating).toBe(2)
    expect((await patch(id, story.client, version, { rating: 3 })).status).toBe(412)
    await review(story, story.tasker)
    const { body } = await read(id, story.client)
    const sealed = await patch(id, story.client, body.version, { rating: 1 })
    expect(sealed).toMatchObject({ status: 409, body: { code: 'review_scores_sealed' } })
    const text = await ok(patch(id, story.client, body.version, { comment: 'Good.' }))
    await database().write([sql`update reviews set edit_until = now() where id = ${id}`])
    const late = await patch(id, story.client, text.body.version + 1, { comment: 'Bad.' })
    expect(late).toMatchObject({ status: 409, body: { code: 'review_not_editable' } })
  })

  it('that is not public is read by the reviewed, and counts nowhere', async () => {
    const story = await aBooking({ state: 'completed' })
    const { id } = (await ok(give(story, story.client, { rating: 1, isPublic: false }))).body
    await review(story, story.tasker)
    expect((await read(id, story.tasker)).status).toBe(200)
    expect((await ok(api(`/v1/taskers/${story.tasker.userId}/reviews`))).body.data).toEqual([])
    expect(await reputation(`taskers/${story.tasker.userId}`)).toMatchObject({
      reviewCount: 0,
      average: null,
    })
  })

  it('is answered once, by the reviewed, in words that need no look of staff', async () => {
    const { id, client, tasker } = await published()
    expect((await act(id, 'answer', client, { text: 'Me.' })).status).toBe(403)
    for (const text of ['Call me: 01012345678', 'Find me on WhatsApp'])
      expect(await act(id, 'answer', tasker, { text })).toMatchObject({
        status: 422,
        body: { code: 'review_text_refused' },
      })
    const answers = await Promise.all([1, 2].map((n) => act(id, 'answer', tasker, { text: `Thanks ${n}` })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const listed = await ok(api(`/v1/taskers/${tasker.userId}/reviews`))
    expect(listed.body.data[0].answer.text).toMatch(/^Thanks/)
  })

  it('with refused words is not taken; with suspicious ones it waits for staff', async () => {
    const story = await aBooking({ state: 'completed' })
    const refused = await give(story, story.client, { rating: 1, comment: 'I will kill you' })
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/comment' }] } })
    const { id } = (await ok(give(story, story.client, { rating: 1, comment: 'He wanted InstaPay.' }))).body
    await review(story, story.tasker)
    expect((await read(id, story.tasker)).status).toBe(404)
    const ops = await anOps()
    const queue = await ok(api(`/v1/reviews?status=flagged&bookingId=${story.bookingId}`, { as: ops }))
    expect(queue.body.data).toMatchObject([{ id, screened: true, flagCount: 0 }])
    await ok(act(id, 'publish', ops))
    expect((await read(id, story.tasker)).status).toBe(200)
    expect(await reputation(`taskers/${story.tasker.userId}`)).toMatchObject({ reviewCount: 1, average: 1 })
  })
})

describe('moderation', () => {
  it('begins with enough readers, each once, and counts them no more once staff have decided', async () => {
    const { id, client, tasker } = await published()
    const flag = (as: Caller) => api(`/v1/reviews/${id}/flags`, { as, body: { reason: 'offensive' } })
    expect((await flag(client)).status).toBe(403)
    expect((await flag(tasker)).status).toBe(201)
    expect(await flag(tasker)).toMatchObject({ status: 409, body: { code: 'already_flagged' } })
    expect((await flag(await aClient())).status).toBe(201)
    expect(await reputation(`taskers/${tasker.userId}`)).toMatchObject({ reviewCount: 1 })
    expect((await flag(await aClient())).status).toBe(201)
    expect(await reputation(`taskers/${tasker.userId}`)).toMatchObject({ reviewCount: 0, average: null })
    // Nobody can read it now.
    expect((await flag(await aClient())).status).toBe(404)
    const ops = await anOps()
    expect((await ok(api(`/v1/reviews/${id}/flags`, { as: ops }))).body.data).toHaveLength(3)
    await ok(act(id, 'publish', ops))
    await ok(flag(await aClient()))
    expect((await read(id, client)).body.status).toBe('published')
    expect(await reputation(`taskers/${tasker.userId}`)).toMatchObject({ reviewCount: 1, average: 2 })
  })

  it('hides with a reason that its author reads and the reviewed does not; one appeal', async () => {
    const { id, client, tasker } = await published()
    const ops = await anOps()
    expect((await act(id, 'hide', client, { reason: 'Mine.' })).status).toBe(403)
    expect((await act(id, 'appeal', client, { reason: 'Why?' })).status).toBe(409)
    await ok(act(id, 'hide', ops, { reason: 'It names a third person.' }))
    expect((await read(id, client)).body).toMatchObject({
      status: 'hidden',
      hiddenReason: 'It names a third person.',
    })
    expect((await read(id, tasker)).status).toBe(404)
    expect((await act(id, 'appeal', tasker, { reason: 'Good.' })).status).toBe(403)
    const { body } = await ok(act(id, 'appeal', client, { reason: 'It does not.' }))
    expect(body.status).toBe('flagged')
    await ok(act(id, 'hide', ops, { reason: 'It does.' }))
    expect(await act(id, 'appeal', client, { reason: 'No.' })).toMatchObject({
      status: 409,
      body: { code: 'already_appealed' },
    })
    const [entry] = await database().read<{ count: number }>(
      sql`select count(*)::int as count from audit_log where target_type = 'reviews' and target_id = ${id}`,
    )
    expect(entry?.count).toBeGreaterThan(3)
  })
})

describe('reviews of a client', () => {
  it('are read by taskers who deal with them, and by themselves', async () => {
    const { client, tasker } = await published()
    for (const as of [client, tasker, await anOps()]) {
      const { body } = await ok(api(`/v1/clients/${client.userId}/reviews`, { as }))
      expect(body.data).toMatchObject([{ rating: 5 }])
    }
    for (const as of [await aTasker(), await aClient()]) {
      expect((await api(`/v1/clients/${client.userId}/reviews`, { as })).status).toBe(404)
      expect((await api(`/v1/clients/${client.userId}/reputation`, { as })).status).toBe(404)
    }
    expect((await api(`/v1/clients/${newId()}/reputation`, { as: tasker })).status).toBe(404)
  })

  it('are those of a company where the client is one, for everybody', async () => {
    const client = await aClient()
    await ok(api('/v1/me', { as: client, method: 'PATCH', body: { accountType: 'company' } }))
    const company = { companyName: 'Nile Fittings', city: 'Cairo', country: 'EG' }
    await ok(api('/v1/me/company-profile', { as: client, method: 'PUT', body: company }))
    const story = await aBooking({ client, state: 'completed' })
    await ok(give(story, story.tasker, { rating: 3, criteria: { organisation: 2 } }))
    await review(story, client)
    expect((await ok(api(`/v1/companies/${client.userId}/reviews`))).body.data).toMatchObject([{ rating: 3 }])
    expect(await reputation(`companies/${client.userId}`)).toMatchObject({ average: 3, reviewCount: 1 })
  })
})
