import type { z } from '@hono/zod-openapi'
import type { PriceEstimate } from '../../../src/areas/money/pricing/schemas.ts'
import type { Candidate, TaskEvent } from '../../../src/areas/work/tasks/schemas.ts'
import { check, checkEqual, eventually, found } from '../failure.ts'
import { money } from '../narrator.ts'
import { outboxOf, type Person } from '../people.ts'
import type { Cast, Offered, Stage } from '../stage.ts'
import { draftTask, getTask, offerOn, phoneOf } from '../steps.ts'

const queueTimeoutMs = 15_000

export async function findTasker(stage: Stage, cast: Cast): Promise<Offered> {
  const { api, narrator } = stage
  narrator.chapter('2. Mona posts a task, and matching looks for a tasker')

  const { data: categories } = await api.call<{ data: { id: string; slug: string; name: string }[] }>(
    '/v1/categories?limit=100',
  )
  const plumbing = found(
    'the category plumbing',
    categories.find(({ slug }) => slug === 'plumbing'),
  )
  const estimate = await api.call<z.infer<typeof PriceEstimate>>('/v1/price-estimates', {
    as: cast.client,
    json: { categoryId: plumbing.id, city: 'Giza', estMinutes: 90 },
  })
  const { minAmountMinor, maxAmountMinor, currency } = estimate
  check('an estimate', minAmountMinor > 0 && minAmountMinor < maxAmountMinor && currency === 'EGP', estimate)
  narrator.tell(
    `${plumbing.name} for 90 minutes may cost ${money(minAmountMinor, currency)} to ${money(maxAmountMinor, currency)}`,
  )

  const draft = await draftTask(stage, cast, {
    description: 'The kitchen tap drips, and the valve is stuck.',
    inDays: 1,
  })
  checkEqual(
    'the estimate of the task',
    [draft.estMinAmount, draft.estMaxAmount],
    [minAmountMinor, maxAmountMinor],
  )
  narrator.tell('She drafts the task; the estimate goes with it, and nobody sees it yet')

  const postedAt = performance.now()
  const posted = await api.act<{ state: string }>(`/v1/tasks/${draft.id}/post`, cast.client)
  check('a posted task', ['posted', 'matching'].includes(posted.state), posted.state)
  const [first, second, third, fourth] = cast.taskers as [Person, Person, Person, Person]
  const frames = await Promise.all([first, second, third].map((tasker) => offerOn(cast, tasker, draft.id)))
  const offerMs = Math.round(performance.now() - postedAt)
  narrator.tell(
    `She posts it. ${offerMs} ms later the three best have the offer on their phones, and acknowledge it`,
  )

  const task = await getTask(stage, cast.client, draft.id)
  checkEqual('the state of the task', task.state, 'matching')
  const candidates = await api.list<z.infer<typeof Candidate>>(`/v1/tasks/${draft.id}/candidates`, cast.ops)
  checkEqual(
    'the candidates, best first',
    candidates.map(({ taskerName }) => taskerName),
    cast.taskers.map(({ name }) => name),
  )
  check(
    'an offer to the first three, none to the fourth',
    phoneOf(cast, fourth).of('offer').length === 0 && candidates[3]?.offer === null,
    candidates,
  )
  for (const { taskerName, score, explanation, rank } of candidates) {
    const part = (value: number) => value.toFixed(2)
    narrator.note(
      `${rank}. ${taskerName?.padEnd(8)} score ${score.toFixed(3)}: ${explanation.distanceM} m away, nearness ${part(explanation.nearness)}, ` +
        `rating ${part(explanation.rating)}, acceptance ${part(explanation.acceptance)}`,
    )
  }
  narrator.tell('Ops reads why: four candidates, the three best were asked')

  await api.refused(404, 'not_found', `/v1/tasks/${draft.id}`, { as: fourth })
  const offered = await api.call<{ address: string | null }>(`/v1/tasks/${draft.id}`, { as: first })
  checkEqual('the address that a tasker with an offer sees', offered.address, null)
  narrator.tell(
    `${fourth.name}, who was not asked, sees no task (404); ${first.name} sees it, but not yet the address`,
  )

  const note = await eventually(
    `a notification of the offer for ${second.name}`,
    queueTimeoutMs,
    async () => {
      const notes = await api.list<{ kind: string; title: string }>('/v1/me/notifications', second)
      return notes.find(({ kind }) => kind === 'offer.created')
    },
  )
  const push = await eventually(`a push of the offer to ${second.name}`, queueTimeoutMs, async () => {
    const sent = await outboxOf(api, found('a push token', second.pushToken))
    return sent.find(({ channel, text }) => channel === 'push' && text.startsWith(note.title))
  })
  narrator.tell(
    `The notification queue has pushed it too, for phones that sleep: "${push.text.replace(/\s*\n\s*/g, ' · ')}"`,
  )

  const history = await api.list<z.infer<typeof TaskEvent>>(`/v1/tasks/${draft.id}/events`, cast.client)
  checkEqual(
    'the history of the task',
    history.map(({ to, party }) => `${to} by ${party}`),
    ['draft by client', 'posted by client', 'matching by system'],
  )
  return {
    task,
    offers: frames.map(({ data }, index) => ({
      tasker: found('a tasker', cast.taskers[index]),
      offerId: data.offerId,
    })),
  }
}
