import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { Booking, toBooking } from '../bookings/schemas.ts'
import { offerMachine } from './machine.ts'
import { acceptOffer, declineOffer, listMyOffers, toOffer } from './offers.ts'
import { Offer, OfferFilters, OfferPage } from './schemas.ts'

const params = idParams('offerId')

export const routes = newRoutes()

const listMine = defineOperation({
  operationId: 'offers.listMine',
  method: 'get',
  path: '/v1/me/offers',
  tag: 'Offers',
  summary: 'List your offers',
  description: 'Offers made to you, newest first. New offers also arrive on the user channel.',
  policy: {
    roles: ['client', 'tasker'],
    relation: { who: ['tasker'] },
    scope: 'offers:read',
  },
  query: OfferFilters,
  responses: { 200: { description: 'A page of offers.', schema: OfferPage } },
  problems: ['not_a_tasker'],
})

routes.openapi(listMine, async (c) => {
  const page = readPage(c)
  const rows = await listMyOffers(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toOffer), 200)
})

const accept = transition(offerMachine, 'accept', {
  operationId: 'offers.accept',
  path: '/v1/offers/{offerId}/accept',
  tag: 'Offers',
  summary: 'Accept an offer',
  description:
    'The first tasker to accept gets the booking, and its conversation opens. The client still has to confirm.',
  parties: { tasker: 'offered_tasker' },
  scope: 'offers:write',
  params,
  responses: { 200: { description: 'The booking.', schema: Booking } },
  problems: [
    'offer_taken',
    'offer_closed',
    'tasker_busy',
    'tasker_not_active',
    'rate_currency_refused',
    'debt_cap_reached',
  ],
})

routes.openapi(accept, async (c) => {
  const ctx = userCtxOf(c)
  const { offerId } = c.req.valid('param')
  const row = await acceptOffer(ctx, offerId)
  return c.json(toBooking(row, ctx.actor), 200)
})

const decline = transition(offerMachine, 'decline', {
  operationId: 'offers.decline',
  path: '/v1/offers/{offerId}/decline',
  tag: 'Offers',
  summary: 'Decline an offer',
  description: 'Once all taskers of a wave have declined, the next wave is sent at once.',
  parties: { tasker: 'offered_tasker' },
  scope: 'offers:write',
  params,
  responses: { 200: { description: 'The updated offer.', schema: Offer } },
  wrongState: 'offer_closed',
})

routes.openapi(decline, async (c) => {
  const row = await declineOffer(userCtxOf(c), c.req.valid('param').offerId)
  return c.json(toOffer(row), 200)
})
