import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { tellOverdueCases } from '../../../../src/areas/trust/cases/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { submitted } from '../../../support/profiles.ts'
import { actorOf, anAdmin, anOps, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const open = async (subjectId = newId(), { dueAt = null as Date | null, queue = 'moderation' } = {}) => {
  const [row] = await database().read<{ id: string }>(sql`
    select khidma.open_case('moderation', 'review', ${subjectId}, ${queue}, ${dueAt?.toISOString() ?? null}::timestamptz) as id`)
  return { id: row?.id ?? '', subjectId }
}
const post = (path: string, as: Caller, body?: object) =>
  api(`/v1/cases/${path}`, { as, method: 'POST', ...(body && { body }) })
const close = (as: Caller, subjectId: string) =>
  database(actorOf(as)).write([sql`select khidma.close_case('moderation', ${subjectId}, 'published')`])
const configured = async (key: string, value: unknown) =>
  ok(api('/v1/config/entries', { as: await anAdmin(), body: { key, value, reason: 'A test' } }))

it('one case is open for a kind and a subject', async () => {
  const { id, subjectId } = await open()
  expect((await open(subjectId)).id).toBe(id)
  const ops = await anOps()
  await close(ops, subjectId)
  const { body } = await ok(api(`/v1/cases/${id}`, { as: ops }))
  expect(body).toMatchObject({ status: 'closed', decision: 'published', decidedBy: ops.userId })
  expect((await open(subjectId)).id).not.toBe(id)
})

it('closes with the row that it is about', async () => {
  const [{ id }, ops] = [await submitted(), await anOps()]
  await database().write([sql`delete from verification_requests where id = ${id}`])
  const { body } = await ok(api(`/v1/cases?subjectId=${id}&status=closed`, { as: ops }))
  expect(body.data).toMatchObject([{ kind: 'verification', decision: 'deleted', decidedBy: null }])
})

it('is taken by one, handed to a colleague, and released', async () => {
  const [{ id }, ops, other] = [await open(), await anOps(), await anOps()]
  expect((await ok(post(`${id}/take`, ops))).body).toMatchObject({
    status: 'assigned',
    assigneeId: ops.userId,
  })
  expect(await codeOf(post(`${id}/take`, other))).toBe('409 invalid_transition')
  const handed = await ok(post(`${id}/assign`, ops, { assigneeId: other.userId }))
  expect(handed.body).toMatchObject({ status: 'assigned', assigneeId: other.userId })
  const client = await signedIn()
  expect(await codeOf(post(`${id}/assign`, ops, { assigneeId: client.userId }))).toBe(
    '422 assignee_not_permitted',
  )
  expect((await ok(post(`${id}/release`, other))).body).toMatchObject({ status: 'open', assigneeId: null })
  expect(await codeOf(post(`${id}/release`, other))).toBe('409 invalid_transition')
})

it('lists what is late first, and only what waits', async () => {
  const queue = `late_${newId().replace(/[^a-f]/g, '')}`
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000)
  const later = await open(newId(), { dueAt: at(5), queue })
  const late = await open(newId(), { dueAt: at(-5), queue })
  const done = await open(newId(), { dueAt: at(-9), queue })
  const ops = await anOps()
  await close(ops, done.subjectId)
  const list = async (query: string): Promise<string[]> =>
    (await ok(api(`/v1/cases?queue=${queue}${query}`, { as: ops }))).body.data.map(
      ({ id }: { id: string }) => id,
    )
  expect(await list('')).toEqual([late.id, later.id])
  expect(await list('&overdue=true')).toEqual([late.id])
  expect(await list('&status=closed')).toEqual([done.id])
})

it('tells its assignee once that it is overdue', async () => {
  const { id } = await open(newId(), { dueAt: new Date(Date.now() - 1_000) })
  const ops = await anOps()
  await ok(post(`${id}/take`, ops))
  const ctx = systemContext(env, 'cron.overdueCases')
  await tellOverdueCases(ctx, 500)
  await tellOverdueCases(ctx, 500)
  const events = await database().read<{ userId: string }>(sql`
    select data ->> 'userId' as "userId" from outbox where type = 'case.overdue' and object_id = ${id}`)
  expect(events).toEqual([{ userId: ops.userId }])
})

it('keeps internal notes from everybody but staff', async () => {
  const [{ id }, ops] = [await open(), await anOps()]
  await ok(post(`${id}/notes`, ops, { text: 'Looks odd' }))
  expect((await ok(api(`/v1/cases/${id}/notes`, { as: ops }))).body.data).toMatchObject([
    { text: 'Looks odd', authorId: ops.userId },
  ])
  const client = await signedIn()
  expect(await codeOf(api(`/v1/cases/${id}/notes`, { as: client }))).toBe('403 forbidden')
  expect(await codeOf(post(`${newId()}/notes`, ops, { text: 'Nothing' }))).toBe('404 not_found')
})

it('a second look is by somebody else, and counts in the figures of the first reviewer', async () => {
  await configured('cases.second_look_percent', { moderation: 100 })
  const [{ id, subjectId }, first, second] = [await open(), await anOps(), await anOps()]
  await close(first, subjectId)
  const { body } = await ok(api(`/v1/cases?kind=second_look&subjectId=${id}`, { as: second }))
  const again = body.data[0].id
  expect(await codeOf(post(`${again}/take`, first))).toBe('403 own_decision')
  expect(await codeOf(post(`${again}/second-look`, first, { agrees: true }))).toBe('403 own_decision')
  const decided = await ok(post(`${again}/second-look`, second, { agrees: false, note: 'Spam' }))
  expect(decided.body).toMatchObject({ status: 'closed', decision: 'disagreed', decidedBy: second.userId })
  expect(await codeOf(post(`${again}/second-look`, second, { agrees: true }))).toBe('409 invalid_transition')
  expect(await codeOf(post(`${id}/second-look`, second, { agrees: true }))).toBe('409 not_a_second_look')
  const figures = await ok(api('/v1/case-reviewers?kind=moderation&limit=100', { as: second }))
  expect(figures.body.data.find((row: { id: string }) => row.id === first.userId)).toMatchObject({
    decided: 1,
    reversed: 1,
    lookedAtAgain: 1,
    agreed: 0,
    late: 0,
  })
})
