import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  aBooking,
  aClient,
  anOps,
  aTasker,
  type BookedStory,
  bookingStates,
  dispute,
  ok,
  pay,
  review,
  taskStateOf,
} from '../../../support/story.ts'

const give = (
  { bookingId }: Pick<BookedStory, 'bookingId'>,
  as: Caller | undefined,
  body: object = { rating: 4 },
) => api(`/v1/bookings/${bookingId}/review`, { as, body })

const ratingOf = async (tasker: Caller) => {
  const [row] = await database().read<{ average: number; count: number }>(
    sql`select rating_avg as average, rating_count as count from tasker_profiles where user_id = ${tasker.userId}`,
  )
  return row
}

describe('reviewing', () => {
  it('is for the parties of the booking', async () => {
    const story = await aBooking({ state: 'completed' })
    expect((await give(story, await aClient())).status).toBe(404)
    expect((await give(story, await aTasker())).status).toBe(404)
    expect((await give({ bookingId: newId() }, story.client)).status).toBe(404)
    expect((await give(story, await anOps())).status).toBe(403)
    expect((await give(story, undefined)).status).toBe(401)
    const { status, body } = await give(story, story.client, {
      rating: 4,
      tags: ['on_time'],
      comment: ' Good. ',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      bookingId: story.bookingId,
      reviewerId: story.client.userId,
      reviewerName: 'Test',
      revieweeId: story.tasker.userId,
      rating: 4,
      tags: ['on_time'],
      comment: 'Good.',
    })
    const answer = await give(story, story.tasker)
    expect(answer.body).toMatchObject({ revieweeId: story.client.userId, tags: [], comment: null })
  })

  const reviewable = ['completed', 'settled']
  it.each(bookingStates)('of a booking that is %s', async (state) => {
    const story = await aBooking({ state })
    const answer = await give(story, story.client)
    const code = state === 'reviewed' ? 'already_reviewed' : 'not_reviewable'
    if (reviewable.includes(state)) expect(answer.status).toBe(201)
    else expect(answer).toMatchObject({ status: 409, body: { code } })
  })

  it('is possible once for each party', async () => {
    const story = await aBooking({ state: 'completed' })
    const answers = await Promise.all([1, 2, 3].map(() => give(story, story.client)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    const refused = answers.find(({ status }) => status === 409)
    expect(refused?.body.code).toBe('already_reviewed')
    expect(await ratingOf(story.tasker)).toEqual({ average: 0, count: 0 })
    expect((await give(story, story.tasker)).status).toBe(201)
    expect(await ratingOf(story.tasker)).toEqual({ average: 4, count: 1 })
  })

  it.each([
    {},
    { rating: 0 },
    { rating: 6 },
    { rating: 4.5 },
    { rating: '5' },
    { rating: 5, tags: ['Bad Tag'] },
    { rating: 5, tags: ['a', 'a'] },
    { rating: 5, tags: Array.from({ length: 11 }, (_, index) => `t${index}`) },
    { rating: 5, comment: '  ' },
    { rating: 5, comment: 'x'.repeat(2_001) },
    { rating: 5, revieweeId: newId() },
    { rating: 5, criteria: { quality: 6 } },
    { rating: 5, criteria: { charm: 5 } },
  ])('refuses %o', async (body) => {
    const story = await aBooking({ state: 'completed' })
    expect(await give(story, story.client, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
    expect(await ratingOf(story.tasker)).toEqual({ average: 0, count: 0 })
  })

  it('completes a settled task once both parties have, in any order', async () => {
    const paidFirst = await aBooking({ state: 'settled' })
    await review(paidFirst, paidFirst.client)
    expect(await taskStateOf(paidFirst.taskId)).toBe('settled')
    await review(paidFirst, paidFirst.tasker)
    expect(await taskStateOf(paidFirst.taskId)).toBe('reviewed')

    const reviewedFirst = await aBooking({ state: 'completed' })
    await Promise.all([
      review(reviewedFirst, reviewedFirst.client),
      review(reviewedFirst, reviewedFirst.tasker),
    ])
    expect(await taskStateOf(reviewedFirst.taskId)).toBe('completed')
    await pay(reviewedFirst)
    expect(await taskStateOf(reviewedFirst.taskId)).toBe('reviewed')
  })

  it('is refused while a dispute is open', async () => {
    const story = await aBooking({ state: 'settled' })
    const disputeId = await dispute(story)
    expect(await give(story, story.client)).toMatchObject({ status: 409, body: { code: 'not_reviewable' } })
    await ok(api(`/v1/disputes/${disputeId}/reject`, { as: await anOps(), body: {} }))
    expect((await give(story, story.client)).status).toBe(201)
  })
})

describe('reviews of a tasker', () => {
  it('are public, newest first, in pages, without the client’s identity', async () => {
    const tasker = await aTasker()
    const ratings = [5, 3, 4]
    for (const [index, rating] of ratings.entries()) {
      const startsAt = new Date(Date.now() + (index + 1) * 72 * 3_600_000)
      const story = await aBooking({ tasker, state: 'completed', startsAt })
      await review(story, story.client, rating)
      await review(story, tasker, 1)
    }
    const path = `/v1/taskers/${tasker.userId}/reviews`
    const all = await ok(api(path))
    expect(all.body.data.map(({ rating }: { rating: number }) => rating)).toEqual([4, 3, 5])
    expect(Object.keys(all.body.data[0]).sort()).toEqual([
      'answer',
      'comment',
      'createdAt',
      'criteria',
      'id',
      'mediaIds',
      'rating',
      'reviewerName',
      'tags',
    ])
    const first = await ok(api(`${path}?limit=2`))
    const second = await ok(api(`${path}?limit=2&cursor=${first.body.nextCursor}`))
    expect([...first.body.data, ...second.body.data]).toEqual(all.body.data)
    expect(await ratingOf(tasker)).toEqual({ average: 4, count: 3 })
  })

  it('are empty at first, and 404 for a user who is no tasker', async () => {
    const tasker = await aTasker()
    expect((await ok(api(`/v1/taskers/${tasker.userId}/reviews`))).body).toEqual({
      data: [],
      nextCursor: null,
    })
    for (const id of [(await aClient()).userId, newId()]) {
      expect((await api(`/v1/taskers/${id}/reviews`)).status).toBe(404)
    }
  })

  it('exclude reviews of them as a client', async () => {
    const both = await aTasker()
    const story = await aBooking({ client: both, state: 'completed' })
    await review(story, story.tasker, 2)
    await review(story, both)
    expect((await ok(api(`/v1/taskers/${both.userId}/reviews`))).body.data).toEqual([])
    expect(await ratingOf(both)).toEqual({ average: 0, count: 0 })
  })
})
