import type { z } from '@hono/zod-openapi'
import type { Debts } from '../../../src/areas/money/wallet/schemas.ts'
import type { BookingProof, StartCode } from '../../../src/areas/work/bookings/life/schemas.ts'
import { check, checkEqual, found } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Stage } from '../stage.ts'
import { bookTask, moveBooking, payCash, toldOf, uploadPicture } from '../steps.ts'
import { entriesOf, totals } from './5-money.ts'

type Proof = z.infer<typeof BookingProof>

const hoursAhead = 1
const minuteMs = 60_000
const metersPerDegree = 111_200
const feeShare = 0.5

export async function waitAtTheDoor(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('15. A door that stays shut, and one that opens by a code')
  const [one, , three] = cast.taskers as [Person, Person, Person]
  const booking = await getThere(stage, cast, one)
  const ended = await reportNoShow(stage, cast, one, booking)
  await hearBoth(stage, cast, one, ended)
  await startByCode(stage, cast, three)
}

const bookingOf = ({ api }: Stage, as: Person, id: string): Promise<BookingBody> =>
  api.call<BookingBody>(`/v1/bookings/${id}`, { as })

/** Reports an arrival: one from afar is refused, and of a position only the distance is kept. */
async function getThere(stage: Stage, cast: Cast, tasker: Person): Promise<BookingBody> {
  const { api, narrator } = stage
  const { client, place } = cast
  const wish = { description: 'The cistern never stops.', inDays: hoursAhead / 24 }
  const { id, task } = await bookTask(stage, cast, wish, tasker)
  await moveBooking(stage, id, client, 'confirm')
  await api.act(`/v1/bookings/${id}/on-the-way`, tasker)
  await toldOf(cast, client, 'booking.on_the_way', task.id)
  const at = (meters: number) => ({ position: { lat: place.lat + meters / metersPerDegree, lng: place.lng } })
  await api.refused(422, 'too_far_away', `/v1/bookings/${id}/arrive`, { as: tasker, json: at(3_000) })
  const arrived = await api.act<BookingBody>(`/v1/bookings/${id}/arrive`, tasker, at(40))
  const meters = found('a distance', arrived.progress.arrivalDistanceMeters)
  check('a distance of about 40 m', Math.abs(meters - 40) < 2, meters)
  await toldOf(cast, client, 'booking.arrived', task.id)
  narrator.tell(
    `${tasker.name} sets out. From three kilometres away he has not arrived (422); at the door he has, and Mona’s phone says both. Of his position only the distance is kept: ${meters} m`,
  )
  return arrived
}

/** The hour comes and goes, and so does the time that he has to wait. */
async function reportNoShow(
  stage: Stage,
  cast: Cast,
  tasker: Person,
  { id, task, ...booking }: BookingBody,
): Promise<BookingBody> {
  const { api, narrator } = stage
  const { client } = cast
  const reason = 'I rang three times.'
  const mediaIds = [await uploadPicture(stage, tasker)]
  const report = { as: tasker, json: { reason, mediaIds } }
  const path = `/v1/bookings/${id}/report-no-show`
  await api.refused(409, 'no_show_too_early', path, report)
  const waitMs = Date.parse(found('when he can report it', booking.noShowFrom)) - Date.now()
  const graceMinutes = Math.round(waitMs / minuteMs) - hoursAhead * 60
  await passTime(stage, id, Math.ceil(waitMs / minuteMs))
  const ended = await api.call<BookingBody>(path, report)
  const expected = found('the expected fare', booking.fare?.estimate?.expectedAmountMinor)
  const fee = Math.floor(expected * feeShare + 0.5)
  checkEqual('how it ended', [ended.status, ended.noShowBy], ['canceled', 'client'])
  await toldOf(cast, client, 'booking.canceled', task.id)
  const hers = await bookingOf(stage, client, id)
  checkEqual(
    'what she reads',
    [hers.cancelReason, hers.cancellationFee?.amountMinor, hers.cancellationFee?.payer],
    [reason, fee, 'client'],
  )
  checkEqual('what she owes', await feesOwedBy(stage, client), fee)
  checkEqual('what he owes', await feesOwedBy(stage, tasker), 0)
  narrator.tell(
    `He has to wait ${graceMinutes} minutes after the start (409). We turn the clock forward, and he reports that nobody opens, with a photo: Mona owes half of the expected fare, ${money(fee, booking.agreedRateCurrency)}`,
  )
  return ended
}

/** In development time can pass for one booking alone. */
const passTime = ({ api }: Stage, bookingId: string, minutes: number) =>
  api.call(`/__dev/bookings/${bookingId}/pass-time?minutes=${minutes}`, { method: 'POST' })

async function feesOwedBy({ api }: Stage, as: Person): Promise<number> {
  const { debts } = await api.call<z.infer<typeof Debts>>('/v1/me/debts', { as })
  return debts.reduce((sum, { feeAmount }) => sum + feeAmount, 0)
}

/** Each side has its photo; staff see both, and decide. */
async function hearBoth(
  stage: Stage,
  cast: Cast,
  tasker: Person,
  { id, task, ...ended }: BookingBody,
): Promise<void> {
  const { api, narrator } = stage
  const { client, ops } = cast
  const hers = {
    kind: 'no_show',
    mediaId: await uploadPicture(stage, client),
    caption: 'My arm, in plaster.',
  }
  await api.act(`/v1/bookings/${id}/proofs`, client, hers)
  const proofs = await api.list<Proof>(`/v1/bookings/${id}/proofs`, ops)
  checkEqual(
    'whose photos staff see',
    proofs.map(({ addedBy }) => addedBy),
    [tasker.id, client.id],
  )
  for (const { mediaId } of proofs) await api.call(`/v1/media/${mediaId}`, { as: tasker })
  const waiver = { reason: 'She was at the hospital.' }
  await api.refused(403, 'forbidden', `/v1/bookings/${id}/waive-fee`, { as: client, json: waiver })
  const waived = await api.act<BookingBody>(`/v1/bookings/${id}/waive-fee`, ops, waiver)
  check('a fee that stays on record', waived.cancellationFee?.waivedAt !== null, waived.cancellationFee)
  await toldOf(cast, client, 'booking.fee_waived', task.id)
  checkEqual('what she owes', await feesOwedBy(stage, client), 0)
  const fee = found('the fee', ended.cancellationFee?.amountMinor)
  const entries = await entriesOf(stage, cast, id)
  checkEqual('what was posted', entries.map(({ posting }) => posting).sort(), ['fee_due', 'fee_waived'])
  checkEqual('what it comes to', totals(entries), { fee_receivable: 0, platform_fee: 0 })
  narrator.tell(
    `Mona adds a photo of her own, from the hospital. Staff see both and waive the ${money(fee, ended.agreedRateCurrency)} (she may not herself: 403); the booking keeps fee and reason, and she owes nothing`,
  )
}

/** Six digits on her screen, which prove that both are there. */
async function startByCode(stage: Stage, cast: Cast, tasker: Person): Promise<void> {
  const { api, narrator } = stage
  const { client, ops } = cast
  const booked = await bookTask(stage, cast, { description: 'The valve is stuck.', inDays: 14 }, tasker)
  const [path, code] = [`/v1/bookings/${booked.id}/start`, `/v1/bookings/${booked.id}/start-code`]
  await moveBooking(stage, booked.id, client, 'confirm')
  await api.call(code, { as: client, method: 'PUT', json: { isRequired: true } })
  await api.refused(422, 'start_code_required', path, { as: tasker, method: 'POST' })
  for (const as of [tasker, ops]) await api.refused(403, 'forbidden', code, { as })
  const shown = await api.call<z.infer<typeof StartCode>>(code, { as: client })
  const wrong = shown.code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10))
  await api.refused(422, 'start_code_refused', path, { as: tasker, json: { startCode: wrong } })
  const started = await api.act<BookingBody>(path, tasker, { startCode: shown.code })
  checkEqual('how it started', [started.status, started.progress.startedByCode], ['in_progress', true])
  const done = await moveBooking(stage, booked.id, tasker, 'complete')
  const accepted = await api.act<BookingBody>(`/v1/bookings/${booked.id}/accept-work`, client)
  checkEqual('who has accepted the work', accepted.progress.workAcceptedBy, 'client')
  await payCash(stage, cast, done, tasker)
  await api.refused(409, 'work_accepted', `/v1/bookings/${booked.id}/dispute`, {
    as: client,
    json: { reason: 'It is stuck again.' },
  })
  narrator.tell(
    `Next time she wants proof: ${tasker.name} starts only by the code on her screen, which neither he nor staff can read (403), and a wrong one is refused (422). She accepts the work, and a dispute comes too late (409)`,
  )
}
