import { sql } from 'drizzle-orm'
import { newId } from '../../../src/core/ids.ts'
import { insertion } from '../../../src/db/patch.ts'
import { offers } from '../../../src/db/schema/work/matching.ts'
import { tasks } from '../../../src/db/schema/work/tasks.ts'
import { api, database, signedIn } from '../api.ts'
import { aBooking, actorOf, aPostedTask, aTasker, ok } from '../story.ts'
import { aTrade } from '../work.ts'
import { ofBooking, type World, type WorldObject } from './object.ts'

/** Tasks, offers and bookings. */
export const work: World = {
  taskId: async () => {
    const { taskId, client } = await aPostedTask()
    return { params: { taskId }, parties: [client] }
  },
  bookingId: async () => ofBooking(await aBooking()),
  offerId: async () => {
    const [{ taskId }, tasker, offerId] = [await aPostedTask(), await aTasker(), newId()]
    const expiresAt = sql`now() + interval '1 minute'`
    const offer = { id: offerId, taskId, taskerId: tasker.userId, wave: 1, expiresAt }
    await database().write([sql`insert into offers ${insertion(offers, offer)}`])
    return { params: { offerId }, parties: [tasker] }
  },
  'tasks.update': aDraftOfATask,
  'tasks.post': aDraftOfATask,
  changeId: aProposedChange,
  'bookings.reportNoShow': async () => {
    const story = await aBooking({ state: 'confirmed' })
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() - interval '1 hour', now() + interval '1 hour') where id = ${story.bookingId}`,
    ])
    return ofBooking(story)
  },
  'bookings.waiveFee': async () => {
    const story = await aBooking({ state: 'canceled' })
    await database().write([
      sql`update bookings set cancellation_fee_amount = 6000, cancellation_fee_payer = 'client' where id = ${story.bookingId}`,
    ])
    return ofBooking(story)
  },
  'bookings.start': async () => ofBooking(await aBooking({ state: 'confirmed' })),
  'bookings.complete': async () => ofBooking(await aBooking({ state: 'in_progress' })),
}

/** Proposed by the client to the tasker. */
async function aProposedChange(): Promise<WorldObject> {
  const { bookingId, client, tasker } = await aBooking()
  const body = { minutes: 120, reason: 'World' }
  const { id } = (await ok(api(`/v1/bookings/${bookingId}/changes`, { as: client, body }))).body
  return { params: { bookingId, changeId: id }, parties: [client, tasker] }
}

async function aDraftOfATask(): Promise<WorldObject> {
  const [client, trade, taskId] = [await signedIn('client'), await aTrade(), newId()]
  const startsAt = sql`now() + interval '1 day'`
  const what = {
    id: taskId,
    clientId: client.userId,
    category: trade.slug,
    description: 'It drips.',
    startsAt,
  }
  const where = { address: '12 Talaat Harb St', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
  await database(actorOf(client)).write([sql`insert into tasks ${insertion(tasks, { ...what, ...where })}`])
  return { params: { taskId }, parties: [client] }
}
