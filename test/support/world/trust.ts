import * as scenes from '../scenes.ts'
import { aBooking, act, dispute } from '../story.ts'
import { ofBooking, type World } from './object.ts'

/** Disputes, reports and reviews. */
export const trust: World = {
  disputeId: async () => {
    const story = await aBooking({ state: 'completed' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
  },
  reportId: async () => {
    const { bookingId, client } = await aBooking()
    const report = { kind: 'harassment', description: 'Rude on the telephone.' }
    const { id } = await scenes.reportBooking(act, client, bookingId, report)
    return { params: { reportId: id }, parties: [client] }
  },
  'reviews.create': async () => ofBooking(await aBooking({ state: 'completed' })),
  // Paid, since the example questions an amount.
  'disputes.open': async () => ofBooking(await aBooking({ state: 'settled' })),
  'disputes.refund': async () => {
    const story = await aBooking({ state: 'settled' })
    return { params: { disputeId: await dispute(story) }, parties: [story.client, story.tasker] }
  },
}
