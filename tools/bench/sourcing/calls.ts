import type { UserActor } from '../../../src/core/context.ts'
import { systemRoles } from '../../../src/core/permissions.ts'
import type { TokenSubject } from '../../../src/core/tokens.ts'
import type { HttpCall, Shape } from '../questions.ts'
import { CITY, type Scene, type Tasker, ZONE } from './scene.ts'

/** A search of staff: what it is like, and its parameters. */
type Search = [like: string, parameters: Record<string, string>]

const searches: Search[] = [
  ['English, a common word', { q: 'tap' }],
  ['English, two common words', { q: 'dripping tap' }],
  ['English, two common words in a state and a city', { q: 'kitchen paint', state: 'posted', city: CITY }],
  ['English, a phrase', { q: '"behind the old market"' }],
  ['English, a word that few tasks have', { q: 'enx1170' }],
  ['Arabic, a common word', { q: 'مكيف' }],
  ['Arabic, two common words', { q: 'مكيف معطلة' }],
  ['Russian, two common words', { q: 'кухонный кран' }],
  ['Hindi, two common words', { q: 'पंखा खराब' }],
]

export function shapesOf(scene: Scene, calls: number): Shape[] {
  const staff: TokenSubject = {
    ...scene.staff,
    permissions: systemRoles.ops,
    hasMfa: true,
    mfaAt: Math.floor(Date.now() / 1_000),
  }
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index))
  const byTasker = (path: (tasker: Tasker, index: number) => string): HttpCall[] =>
    times(calls, (index) => {
      const tasker = scene.taskers[index % scene.taskers.length] as Tasker
      return { by: tasker, method: 'GET', path: path(tasker, index) }
    })
  const get = (path: string, parameters: Record<string, string | number> = {}) =>
    `${path}?${new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))}`
  const feed = (
    like: string,
    parameters: (tasker: Tasker, index: number) => Record<string, string | number>,
  ) => ({
    what: `openTasks.list: ${like}`,
    goal: 20,
    calls: byTasker((tasker, index) => get('/v1/open-tasks', parameters(tasker, index))),
  })
  const budget = (index: number) => ({ currency: 'EGP', minBudgetAmount: 30_000 + (index % 5) * 10_000 })
  return [
    feed('the newest', () => ({})),
    feed('near a place, a category, a budget', ({ lat, lng }, index) => ({
      lat: lat.toFixed(4),
      lng: lng.toFixed(4),
      radiusKm: 3 + (index % 5),
      category: index % 2 === 0 ? 'plumbing' : 'carpentry',
      ...budget(index),
    })),
    feed('in my area, a category, a budget', (_, index) => ({
      inMyArea: 'true',
      category: index % 2 === 0 ? 'plumbing' : 'painting',
      ...budget(index),
    })),
    feed('in my area, with skills of mine', () => ({ inMyArea: 'true', mySkills: 'true' })),
    ...searches.map(
      ([like, parameters]): Shape => ({
        what: `tasks.search: ${like}`,
        goal: 20,
        calls: times(calls, () => ({ by: staff, method: 'GET', path: get('/v1/task-search', parameters) })),
      }),
    ),
    {
      what: 'slots.check: 50 taskers, 200 starts in 7 days',
      goal: 100,
      calls: times(calls, (index) => ({
        by: scene.awards[0]?.client ?? staff,
        method: 'POST',
        path: '/v1/slot-checks',
        body: { minutes: 90, slots: slotsAsked(scene.taskers, index) },
      })),
    },
    {
      what: 'dispatch.getBoard: a day of a city, 200 taskers',
      goal: 50,
      calls: times(calls, (index) => ({
        by: staff,
        method: 'GET',
        path: get('/v1/dispatch/board', { city: CITY, day: dayIn(2 + (index % 5)), timezone: ZONE }),
      })),
    },
    {
      what: 'me.getAgenda: a day',
      calls: byTasker((_, index) => get('/v1/me/agenda', { day: dayIn(1 + (index % 7)) })),
    },
    {
      what: 'bids.award: a fresh bid becomes a booking',
      calls: scene.awards.map(({ bidId, client }) => ({
        by: client,
        method: 'POST',
        path: `/v1/bids/${bidId}/award`,
        ifMatch: '"v1.en"',
      })),
    },
  ]
}

const dayMs = 86_400_000
const dayIn = (days: number): string => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)

/** Taskers in turns, and for each four starts within a week. */
function slotsAsked(taskers: Tasker[], turn: number): { taskerId: string; startsAt: string }[] {
  return Array.from({ length: 200 }, (_, index) => {
    const tasker = taskers[(turn * 50 + (index % 50)) % taskers.length] as Tasker
    const quarter = Math.floor(index / 50)
    const startsAt = new Date(Date.parse(`${dayIn(1 + quarter * 2)}T07:00:00Z`) + (index % 12) * 1_800_000)
    return { taskerId: tasker.userId, startsAt: startsAt.toISOString() }
  })
}

/** 50 taskers in turns, for all their slots of 7 days. */
export const slotWindow = (taskers: Tasker[], turn: number) => ({
  taskerIds: Array.from(
    { length: 50 },
    (_, index) => taskers[(turn * 50 + index) % taskers.length]?.userId ?? '',
  ),
  question: { from: `${dayIn(1)}T00:00:00Z`, until: `${dayIn(8)}T00:00:00Z`, minutes: 90, urgent: false },
})

export const actorOf = ({ userId, role, sessionId }: TokenSubject): UserActor => ({
  kind: 'user',
  userId,
  role,
  sessionId,
})
