import type { z } from '@hono/zod-openapi'
import type { Credits } from '../../../src/areas/commerce/credits/schemas.ts'
import type { Lead, LeadRequest, OpenLead } from '../../../src/areas/work/leads/schemas.ts'
import { createTask, inHours, newTask, postTask } from '../../../test/support/scenes.ts'
import { checkEqual } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Stage, TaskBody } from '../stage.ts'
import { actOf, getTask, phoneOf } from '../steps.ts'

type RequestBody = z.infer<typeof LeadRequest>

/** A lead that is won, and one whose client never answers: nobody pays for silence. */
export async function payForLeads(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('18. Leads: one is won, one goes silent')
  await giveCredits(stage, cast)
  await wonLead(stage, cast)
  await silentLead(stage, cast)
}

const creditsOf = ({ api }: Stage, as: Person) => api.call<z.infer<typeof Credits>>('/v1/me/credits', { as })

async function giveCredits(stage: Stage, { ops, taskers }: Cast): Promise<void> {
  const [one, two] = taskers as [Person, Person]
  for (const { id } of [one, two])
    await stage.api.act(`/v1/users/${id}/credit-grants`, ops, {
      amount: 20,
      purpose: 'leads',
      reason: 'Welcome',
    })
  checkEqual('the credits of a tasker', (await creditsOf(stage, one)).available, 20)
  stage.narrator.tell(`Ops give ${one.name} and ${two.name} 20 credits each, for leads alone`)
}

/** Posted by the client, and approved by staff. */
async function aLead(
  stage: Stage,
  cast: Cast,
  description: string,
  days: number,
): Promise<{ task: TaskBody; leadId: string }> {
  const { api } = stage
  const act = actOf(stage)
  const fields = {
    description,
    sourcing: 'lead',
    title: description,
    city: 'Giza',
    startsAt: inHours(24 * days),
    deadline: inHours(24 * days - 24),
    structuredInputs: { floor: 0, hasElevator: false },
  }
  const task: TaskBody = await createTask(act, cast.client, newTask(cast.place, fields))
  await postTask(act, cast.client, task.id)
  const { id, status } = await api.call<z.infer<typeof Lead>>(`/v1/tasks/${task.id}/lead`, {
    as: cast.client,
  })
  checkEqual('a lead that was posted', status, 'pending')
  await api.act(`/v1/leads/${id}/approve`, cast.ops)
  return { task, leadId: id }
}

async function askFor(
  { api }: Stage,
  leadId: string,
  tasker: Person,
  amountMinor: number,
): Promise<RequestBody> {
  const { price } = await api.call<z.infer<typeof OpenLead>>(`/v1/leads/${leadId}`, { as: tasker })
  const body = { message: 'I have done many of these.', amountMinor, minutes: 60, credits: price.credits }
  return api.act<RequestBody>(`/v1/leads/${leadId}/requests`, tasker, body)
}

async function wonLead(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator } = stage
  const [one, two] = cast.taskers as [Person, Person]
  const { task, leadId } = await aLead(stage, cast, 'A new bath', 18)
  const first = await askFor(stage, leadId, one, 30_000)
  const second = await askFor(stage, leadId, two, 20_000)
  const { balance, held } = await creditsOf(stage, two)
  checkEqual('what is held', [balance, held], [20, second.credits])
  narrator.tell(
    `Mona posts a lead, and staff approve it. ${one.name} and ${two.name} see what it costs, and ask for it: ${first.credits} and ${second.credits} credits are held, and not spent`,
  )
  await api.refused(404, 'not_found', `/v1/lead-requests/${second.id}`, { as: one })
  const conversationId = await talkBefore(stage, cast, second.id, two)
  const accepted = await api.act<RequestBody>(`/v1/lead-requests/${second.id}/accept`, cast.client)
  const booking = await api.call<BookingBody>(`/v1/bookings/${accepted.bookingId}`, { as: two })
  checkEqual('the booking', [booking.status, booking.agreedRateAmount], ['accepted', 20_000])
  checkEqual('the conversation of the booking', booking.conversationId, conversationId)
  checkEqual('the task', (await getTask(stage, cast.client, task.id)).state, 'accepted')
  checkEqual('the credits of the winner', (await creditsOf(stage, two)).balance, 20 - (second.credits ?? 0))
  checkEqual('the credits of the other', (await creditsOf(stage, one)).available, 20)
  await phoneOf(cast, one).next(
    `${one.name}'s phone to say that another was chosen`,
    ({ type, data }) => type === 'notification' && data.kind === 'lead_request.rejected',
  )
  narrator.tell(
    `Mona accepts ${two.name} at ${money(20_000, 'EGP')}: the booking is there at once. ${two.name} has paid ${second.credits} credits, and ${one.name} nothing`,
  )
}

/** The first reply spends the credits and opens the conversation, in which nobody can say how to be reached. */
async function talkBefore(
  { api, narrator }: Stage,
  { client }: Cast,
  requestId: string,
  tasker: Person,
): Promise<string> {
  const text = 'Can you bring the bath?'
  const { conversationId } = await api.act<RequestBody>(`/v1/lead-requests/${requestId}/reply`, client, {
    text,
  })
  const path = `/v1/conversations/${conversationId}/messages`
  const json = { kind: 'text', text: 'Call me: 01001234567' }
  await api.refused(422, 'message_rejected', path, { as: tasker, method: 'POST', json })
  await api.call(path, {
    as: tasker,
    method: 'POST',
    json: { ...json, text: 'I can, and take the old one.' },
  })
  const said = await api.list<{ text: string }>(path, client)
  checkEqual('what the two have said', said.length, 3)
  narrator.tell(
    `Mona replies to ${tasker.name}: “${text}” The credits are spent, and the two can write to each other; a phone number is refused (422)`,
  )
  return conversationId ?? ''
}

async function silentLead(stage: Stage, cast: Cast): Promise<void> {
  const { api, narrator } = stage
  const [one] = cast.taskers as [Person]
  const { leadId, task } = await aLead(stage, cast, 'A leaking boiler', 19)
  const { id, credits } = await askFor(stage, leadId, one, 30_000)
  checkEqual('what is held', (await creditsOf(stage, one)).held, credits)
  await api.call(`/__dev/lead-requests/${id}/be-silent`, { method: 'POST' })
  const request = await api.call<RequestBody>(`/v1/lead-requests/${id}`, { as: one })
  checkEqual('the request', [request.status, request.chargedAt], ['expired', null])
  const { balance, held } = await creditsOf(stage, one)
  checkEqual('the credits', [balance, held], [20, 0])
  await api.refused(409, 'invalid_transition', `/v1/lead-requests/${id}/accept`, {
    as: cast.client,
    method: 'POST',
  })
  await api.act(`/v1/tasks/${task.id}/cancel`, cast.client, { reason: 'The boiler has recovered.' })
  narrator.tell(
    `${one.name} asks for another lead, and Mona does not answer. Two days later all ${credits} credits are free again: it cost nothing, and she is too late (409)`,
  )
}
