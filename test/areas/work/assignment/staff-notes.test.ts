import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../../../src/http/operation.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { type AssignedStory, anAssignedTask, dispatch } from '../../../support/dispatch.ts'
import { eventsSettled } from '../../../support/events.ts'
import { aTasker, ok } from '../../../support/story.ts'

/** Everything that a party of a task, or anybody else, can read: every GET whose path needs no more than the ids of the story. */
async function everyAnswerTo(
  as: Caller,
  ids: Record<string, string>,
): Promise<{ answers: string; asked: number }> {
  const texts: string[] = []
  for (const { method, path, policy, query } of operations.values()) {
    if (method !== 'get' || policy === 'public' || !policy.roles.includes(as.role)) continue
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
    if (names.some((name) => !ids[name]) || path.includes('/socket')) continue
    const address = path.replace(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? '')
    const { body } = await api(`${address}${query && 'limit' in query.shape ? '?limit=100' : ''}`, { as })
    texts.push(JSON.stringify(body))
  }
  return { answers: texts.join('\n'), asked: texts.length }
}

describe('what staff write for staff', () => {
  let story: AssignedStory
  let bystander: Caller
  let ids: Record<string, string>

  beforeAll(async () => {
    story = await anAssignedTask()
    bystander = await aTasker()
    const { taskId, bookingId, tasker, assignmentId } = story
    ids = { taskId, bookingId, taskerId: tasker.userId, assignmentId }
  })

  const words = fc
    .string({ minLength: 8, maxLength: 40, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz') })
    .map((word) => `zq${word}`)

  it('is in no answer to anybody else: not the notes, not the reasons of an assignment', async () => {
    await fc.assert(
      fc.asyncProperty(words, words, words, async (note, why, undone) => {
        const { taskId, ops, client, tasker } = story
        const patch = { method: 'PATCH', body: { internalNotes: note } }
        await ok(api(`/v1/tasks/${taskId}/triage`, { as: ops, ...patch }))
        const moved = await dispatch(ops, taskId, 'reassign', { taskerId: bystander.userId, reason: why })
        const back = moved.body.assignment.id
        await ok(api(`/v1/assignments/${back}/undo`, { as: ops, body: { reason: undone } }))
        await eventsSettled()
        const seen = await everyAnswerTo(ops, ids)
        for (const word of [note, why, undone]) expect(seen.answers).toContain(word)
        for (const as of [client, tasker, bystander]) {
          const { answers, asked } = await everyAnswerTo(as, ids)
          expect(asked).toBeGreaterThan(20)
          for (const word of [note, why, undone]) expect(answers).not.toContain(word)
        }
        const events = await database().read<{ data: string }>(
          sql`select data::text as data from outbox where data ->> 'taskId' = ${taskId}`,
        )
        expect(events.length).toBeGreaterThan(5)
        for (const { data } of events)
          for (const word of [note, why, undone]) expect(data).not.toContain(word)
        await ok(dispatch(ops, taskId, 'unassign', { reason: undone }))
        await ok(dispatch(ops, taskId, 'assign', { taskerId: tasker.userId, reason: why }))
      }),
      { numRuns: 2 },
    )
  }, 120_000)

  it('is in no export of the client or the tasker, and goes with an erasure', async () => {
    const { personalData } = await import('../../../../src/areas/work/assignment/personal-data.ts')
    const table = personalData.find(({ name }) => name === 'assignments')
    const rules = Object.fromEntries((table?.columns ?? []).map((column) => [column.name, column]))
    for (const name of ['reason', 'outcome_reason'])
      expect(rules[name]).toMatchObject({ isExported: false, erased: 'null' })
  })
})
