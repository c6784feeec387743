import { randomInt } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { DirectoryEntry } from '../../../src/areas/supply/directory/schemas.ts'
import type { RoleProfile } from '../../../src/areas/supply/professions/schemas.ts'
import type { Checklist } from '../../../src/areas/supply/requirements/schemas.ts'
import type { Tasker } from '../../../src/areas/supply/taskers/schemas.ts'
import type { VerificationRequest } from '../../../src/areas/supply/verification/schemas.ts'
import type { Case } from '../../../src/areas/trust/cases/schemas.ts'
import type { DisputeOffer } from '../../../src/areas/trust/disputes/offer-schemas.ts'
import type { Dispute } from '../../../src/areas/trust/disputes/schemas.ts'
import { applyAsTasker, newTask } from '../../../test/support/scenes.ts'
import { check, checkEqual, found } from '../failure.ts'
import { money } from '../narrator.ts'
import { newPerson, type Person, renew } from '../people.ts'
import type { BookingBody, Cast, Stage, TaskBody } from '../stage.ts'
import { actOf, fareOf, moveBooking, payCash, uploadPicture } from '../steps.ts'

type Profile = z.infer<typeof RoleProfile>
type Request = z.infer<typeof VerificationRequest>

const category = 'events-photography'
const rateMinor = 30_000
const dayMs = 86_400_000

export async function earnTrust(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('17. A photographer whom one can trust')
  const yara = await apply(stage, cast)
  await proveWhoSheIs(stage, cast, yara)
  await showHerWork(stage, cast, yara)
  const done = await bookHer(stage, cast, yara)
  await disputeAndSplit(stage, cast, yara, done)
  await reviewBlindly(stage, cast, yara, done)
}

const checklistOf = ({ api }: Stage, as: Person) =>
  api.call<z.infer<typeof Checklist>>('/v1/me/checklist', { as })

async function apply(stage: Stage, { ops, place }: Cast): Promise<Person> {
  const { api, narrator, cleanUp } = stage
  const yara = await newPerson(api, 'Yara')
  await applyAsTasker(actOf(stage), yara, {
    bio: 'Portraits in daylight.',
    categories: [category],
    serviceArea: { ...place, radiusKm: 2 },
    hourlyRate: { amount: rateMinor, currency: 'EGP' },
  })
  cleanUp.push(() => api.act(`/v1/taskers/${yara.id}/offboard`, ops, { reason: 'The demo is over.' }))
  const { isComplete, items } = await checklistOf(stage, yara)
  checkEqual(
    'what is missing',
    [isComplete, items.map(({ kind, status }) => [kind, status])],
    [false, [['identity', 'incomplete']]],
  )
  await api.act(`/v1/taskers/${yara.id}/verify`, ops)
  await api.refused(409, 'requirements_not_met', `/v1/taskers/${yara.id}/activate`, {
    as: ops,
    method: 'POST',
  })
  narrator.tell(
    'Yara applies as a photographer. Her checklist asks for a verified identity, and the same list keeps ops from activating her (409)',
  )
  return yara
}

/** Papers, decided one by one, in a case that one person has. */
async function proveWhoSheIs(stage: Stage, { ops, client }: Cast, yara: Person): Promise<void> {
  const { api, narrator } = stage
  const sent = await api.act<Request>('/v1/me/verification-requests', yara, {
    type: 'identity',
    documentType: 'national_id',
    country: 'EG',
    number: `2900423${randomInt(1_000_000, 9_999_999)}`,
    documents: [{ type: 'front', mediaId: await uploadPicture(stage, yara) }],
  })
  const path = `/v1/verifications/${sent.id}`
  await api.refused(403, 'forbidden', `${path}/approve`, { as: client, json: {} })
  const [waiting] = await api.list<z.infer<typeof Case>>(`/v1/cases?subjectId=${sent.id}`, ops)
  const { id: caseId } = found('a case', waiting)
  await api.act(`/v1/cases/${caseId}/take`, ops)
  const decide = (action: string, json: object) =>
    api.call<Request>(`${path}/${action}`, { as: ops, json, method: 'POST', ifMatch: '*' })
  await decide('request-document', { remarks: 'The back of your card, please.' })
  const back = { documents: [{ type: 'back', mediaId: await uploadPicture(stage, yara) }] }
  await api.act(`/v1/me/verification-requests/${sent.id}/resubmit`, yara, back)
  const approved = await decide('approve', {})
  checkEqual(
    'her papers',
    approved.documents.map(({ status }) => status),
    ['approved', 'approved'],
  )
  const { isComplete } = await checklistOf(stage, yara)
  check('a complete checklist', isComplete, isComplete)
  await api.act(`/v1/taskers/${yara.id}/activate`, ops)
  await renew(api, yara)
  const shown = await api.call<z.infer<typeof Tasker>>(`/v1/taskers/${yara.id}`)
  checkEqual('her badge', shown.badge, 'verified')
  narrator.tell(
    'She sends her card; ops takes the case, asks for the back as well, and approves: the checklist is complete, she is active, and everybody sees her badge',
  )
}

const listed = async ({ api }: Stage, profileId: string) => {
  const search = new URLSearchParams({ profession: 'photographer', city: 'Giza', district: 'Bahariya Oasis' })
  const { data } = await api.call<{ data: z.infer<typeof DirectoryEntry>[] }>(
    `/v1/directory/profiles?${search}`,
  )
  return data.find(({ id }) => id === profileId)
}

/** A profile of a profession: an edit waits while the approved version stays. */
async function showHerWork(stage: Stage, { ops }: Cast, yara: Person): Promise<void> {
  const { api, narrator } = stage
  const fields = {
    displayName: 'Yara in Daylight',
    attributes: {
      profession: 'photographer',
      specialties: ['portraits'],
      startingPrice: { amount: 90_000, currency: 'EGP' },
    },
    isPublic: true,
    languages: ['en'],
    areas: [{ city: 'Giza', district: 'Bahariya Oasis' }],
  }
  const { id } = await api.act<Profile>('/v1/role-profiles', yara, fields)
  const path = `/v1/role-profiles/${id}`
  await api.act(`${path}/services`, yara, {
    name: 'Portrait hour',
    category,
    priceType: 'hourly',
    priceAmount: rateMinor,
    currency: 'EGP',
    durationMinutes: 60,
  })
  await api.act(`${path}/portfolio`, yara, {
    title: 'The spring at noon',
    imageMediaIds: [await uploadPicture(stage, yara)],
  })
  const { latestVersion } = await api.act<Profile>(`${path}/submit`, yara)
  checkEqual('whether it is listed', await listed(stage, id), undefined)
  await api.act(`${path}/approve`, ops, { versionId: found('a version', latestVersion).id })
  checkEqual('her name in the directory', (await listed(stage, id))?.displayName, 'Yara in Daylight')
  await api.call(path, {
    as: yara,
    method: 'PATCH',
    json: { displayName: 'Best of all Egypt' },
    ifMatch: '*',
  })
  checkEqual('her name while the edit waits', (await listed(stage, id))?.displayName, 'Yara in Daylight')
  await api.refused(422, 'contacts_refused', path, {
    as: yara,
    method: 'PATCH',
    json: { bio: 'See www.example.com' },
    ifMatch: '*',
  })
  narrator.tell(
    'Her profile has a service and a portfolio, and is in the directory once it is approved. A bolder name waits for approval, and nobody sees it till then; a link to her own site is refused (422)',
  )
}

/** A free hour of hers, held, booked, worked and paid. */
async function bookHer(stage: Stage, cast: Cast, yara: Person): Promise<BookingBody> {
  const { api, narrator } = stage
  const { client, place } = cast
  const [from, until] = [2, 4].map((days) => new Date(Date.now() + days * dayMs).toISOString())
  const { data } = await api.call<{ data: { startsAt: string }[] }>(
    `/v1/taskers/${yara.id}/slots?${new URLSearchParams({ from: from ?? '', until: until ?? '', minutes: '60' })}`,
  )
  const { startsAt } = found('a free hour', data[0])
  const hold = await api.act<{ id: string }>('/v1/slot-holds', client, {
    taskerId: yara.id,
    startsAt,
    minutes: 60,
  })
  const wish = {
    category,
    description: 'A portrait of my mother.',
    city: 'Giza',
    district: 'Bahariya Oasis',
    estMinutes: 60,
  }
  const task = await api.act<TaskBody>('/v1/tasks', client, newTask(place, { ...wish, startsAt }))
  const booking = await api.act<BookingBody>(`/v1/slot-holds/${hold.id}/book`, client, { taskId: task.id })
  await api.act(`/v1/bookings/${booking.id}/accept`, yara)
  await moveBooking(stage, booking.id, client, 'confirm')
  await moveBooking(stage, booking.id, yara, 'start')
  const done = await moveBooking(stage, booking.id, yara, 'complete')
  await payCash(stage, cast, done, yara)
  narrator.tell(
    `Mona holds a free hour of hers and books it; Yara accepts, works, and has ${money(fareOf(done), done.agreedRateCurrency)} in her hand`,
  )
  return done
}

async function disputeAndSplit(
  stage: Stage,
  { client, ops }: Cast,
  yara: Person,
  { id, ...done }: BookingBody,
): Promise<void> {
  const { api, narrator } = stage
  const fare = fareOf({ id, ...done })
  const back = fare / 3
  const opened = await api.act<z.infer<typeof Dispute>>(`/v1/bookings/${id}/dispute`, client, {
    type: 'quality',
    reason: 'A third of the pictures are blurred.',
  })
  const path = `/v1/disputes/${opened.id}`
  await api.act(`${path}/evidence`, client, { kind: 'file', mediaId: await uploadPicture(stage, client) })
  await api.act(`${path}/evidence`, yara, { kind: 'statement', text: 'There was a sandstorm.' })
  const offer = await api.act<z.infer<typeof DisputeOffer>>(`${path}/offers`, ops, {
    clientAmountMinor: back,
    taskerAmountMinor: fare - back,
  })
  for (const as of [client, yara]) await api.act(`${path}/offers/${offer.id}/accept`, as)
  const ended = await api.call<z.infer<typeof Dispute>>(path, { as: client })
  checkEqual(
    'how it ended',
    [ended.status, ended.resolution?.clientAmount, ended.resolution?.taskerAmount],
    ['resolved', back, fare - back],
  )
  await api.refused(409, 'dispute_decided', `${path}/offers/${offer.id}/decline`, {
    as: yara,
    method: 'POST',
  })
  narrator.tell(
    `A third of the pictures are blurred. Both sides bring evidence, staff propose ${money(back, done.agreedRateCurrency)} back, both accept: refund and fees are done with the second acceptance`,
  )
}

/** Nobody reads the other's review before both have written theirs. */
async function reviewBlindly(
  stage: Stage,
  { client }: Cast,
  yara: Person,
  { id }: BookingBody,
): Promise<void> {
  const { api, narrator } = stage
  const reviewsOf = async () =>
    (await api.call<{ data: { id: string }[] }>(`/v1/taskers/${yara.id}/reviews`)).data
  const hers = { rating: 4, criteria: { communication: 5 }, comment: 'Two thirds are wonderful.' }
  const { id: reviewId } = await api.act<{ id: string }>(`/v1/bookings/${id}/review`, client, hers)
  checkEqual('the reviews that everybody reads', await reviewsOf(), [])
  await api.act(`/v1/bookings/${id}/review`, yara, { rating: 5, comment: 'Patient in a storm.' })
  checkEqual(
    'the reviews when both have written',
    (await reviewsOf()).map((one) => one.id),
    [reviewId],
  )
  await api.act(`/v1/reviews/${reviewId}/answer`, yara, { text: 'The third is on me next time.' })
  const shown = await api.call<z.infer<typeof Tasker>>(`/v1/taskers/${yara.id}`)
  checkEqual('her rating', [shown.ratingCount, shown.ratingAvg], [1, 4])
  narrator.tell(
    'Both review without knowing the other’s words; then everybody reads them, and Yara’s answer below',
  )
}
