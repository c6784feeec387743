import { beforeAll, expect, it } from 'vitest'
import { operations } from '../../../../src/http/operation.ts'
import { api, type Caller } from '../../../support/api.ts'
import { aBid, aBidding, award, type Bidding, letAge, makeBid, onBid } from '../../../support/bids.ts'
import { eventsSettled } from '../../../support/events.ts'
import { ok } from '../../../support/story.ts'

/** Facts of a bid that nobody but its tasker and the client may learn. The amount and the minutes are numbers that occur nowhere else. */
const [amountMinor, minutes, secretText] = [7_654_321, 4_567, 'A text that only the client reads.']

let bidding: Bidding
let rival: Caller
let theirs: { id: string }
let mine: { id: string; version: number }

beforeAll(async () => {
  bidding = await aBidding(5)
  const { taskers, taskId, client } = bidding
  rival = taskers[1]
  theirs = await aBid(rival, taskId, { amountMinor, minutes, message: secretText, upfrontBasisPoints: 3_333 })
  mine = await aBid(taskers[0], taskId)
  for (const tasker of taskers.slice(2)) await aBid(tasker, taskId)
  const question = await ok(
    api(`/v1/open-tasks/${taskId}/questions`, { as: rival, body: { question: 'Is it brass?' } }),
  )
  await ok(
    api(`/v1/tasks/${taskId}/questions/${question.body.id}/answer`, { as: client, body: { answer: 'Yes.' } }),
  )
  await ok(api(`/v1/tasks/${taskId}/invitations`, { as: client, body: { taskerId: rival.userId } }))
})

/** The public directory of taskers names them all, bidders or not. */
const directory = new Set(['taskers.search', 'taskers.get', 'directory.search'])

/** Every answer that a bidder can get by reading: each GET that lets a tasker in, at every id of the story that fits its path. */
async function answersTo(bidder: Caller): Promise<[what: string, text: string][]> {
  await eventsSettled()
  const ids: Record<string, string[]> = {
    taskId: [bidding.taskId],
    bidId: [theirs.id, mine.id],
    userId: [rival.userId],
    taskerId: [rival.userId],
  }
  const answers: [string, string][] = []
  for (const { operationId, method, path, policy } of operations.values()) {
    if (method !== 'get' || (policy !== 'public' && !policy.roles.includes('tasker'))) continue
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
    if (names.some((name) => !ids[name])) continue
    for (const id of ids[names[0] ?? ''] ?? ['']) {
      const at = path.replace(/\{\w+\}/, id)
      const { body } = await api(at, { as: bidder })
      answers.push([operationId, typeof body === 'string' ? body : JSON.stringify(body)])
    }
  }
  return answers
}

/** The answers that hold something of the other bid. An answer may repeat the id that was asked for: that is no news. */
async function leaks(bidder: Caller): Promise<string[]> {
  const answers = await answersTo(bidder)
  expect(answers.map(([what]) => what)).toEqual(
    expect.arrayContaining([
      'openTasks.list',
      'openTasks.get',
      'openTasks.listQuestions',
      'bids.list',
      'bids.get',
      'bids.explain',
      'invitations.listMine',
      'events.list',
      'notifications.list',
      'tasks.listBids',
      'tasks.get',
    ]),
  )
  const secrets = [
    theirs.id,
    String(amountMinor),
    `"minutes":${minutes}`,
    secretText,
    '"upfrontBasisPoints":3333',
  ]
  return answers
    .filter(
      ([what, text]) =>
        secrets.some((secret) => text.includes(secret)) ||
        (!directory.has(what) && text.includes(rival.userId)),
    )
    .map(([what]) => what)
}

it('bidders find nothing of each other in any answer, before the award', async () => {
  // The search finds what there is to find: the rival's own answers hold it.
  expect(await leaks(rival)).toEqual(expect.arrayContaining(['bids.list', 'bids.get']))
  expect(await leaks(bidding.taskers[0])).toEqual([])
})

it('nor by writing: refusals tell of no other bid', async () => {
  const [bidder] = bidding.taskers
  const refusals = [
    await makeBid(bidder, bidding.taskId),
    await api(`/v1/bids/${theirs.id}`, { as: bidder, method: 'PATCH', body: { minutes: 60 } }),
    ...(await Promise.all(
      ['withdraw', 'accept', 'award', 'shortlist', 'decline-counter'].map((action) =>
        onBid(bidder, theirs.id, action, undefined, 1),
      ),
    )),
  ]
  for (const { status, body } of refusals) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${amountMinor}|${secretText}|${rival.userId}`))
  }
})

it('nor after another has won: losers learn that, and not who and for how much', async () => {
  await letAge(theirs.id)
  await ok(award(bidding.client, theirs.id))
  expect(await leaks(bidding.taskers[0])).toEqual([])
  await ok(onBid(rival, theirs.id, 'accept'))
  expect((await ok(api(`/v1/bids/${mine.id}`, { as: bidding.taskers[0] }))).body.status).toBe('rejected')
  expect(await leaks(bidding.taskers[0])).toEqual([])
})
