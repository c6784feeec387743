import { z } from '@hono/zod-openapi'
import { payoutParties } from '../../../db/schema/people/companies.ts'
import { userCtxOf } from '../../../http/context.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageOf, pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { Id, idParams, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { bookingMachine } from '../bookings/machine.ts'
import { type CompanyBookingRow, handOver, listCompanyBookings } from './company-work.ts'

/** Work of a company with people of its own. */

const BookingStatus = z.enum(bookingMachine.states)

const CompanyBooking = z
  .object({
    id: Id,
    taskId: Id.openapi({ description: 'Task of the booking.' }),
    taskerId: Id.openapi({ description: 'Member, or former member, whose booking it is.' }),
    taskerName: z
      .string()
      .nullable()
      .openapi({ example: 'Omar Fathy', description: 'Full name of the tasker.' }),
    status: BookingStatus.openapi({ example: 'confirmed', description: 'Status of the booking.' }),
    payoutTo: z.enum(payoutParties).openapi({
      example: 'company',
      description: 'Earner of the booking, as it was agreed when the booking was made.',
    }),
    category: z.string().openapi({ example: 'plumbing', description: 'Category of the task (slug).' }),
    title: z.string().nullable().openapi({ example: 'Kitchen tap drips', description: 'Title of the task.' }),
    city: z.string().openapi({ example: 'Cairo', description: 'City of the task.' }),
    district: z.string().nullable().openapi({ example: 'Zamalek', description: 'District of the task.' }),
    scheduledFrom: Timestamp.openapi({ description: 'Agreed start.' }),
    scheduledUntil: Timestamp.openapi({ description: 'Agreed end.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('CompanyBooking', { description: 'A booking of a company, as its people see it.' })
const CompanyBookingPage = pageOf(CompanyBooking, 'CompanyBookingPage')

const CompanyBookingFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: BookingStatus.optional().openapi({ description: 'Only bookings with this status.' }),
  taskerId: relatedId('Only bookings of this member.'),
})

const HandOver = z
  .strictObject({
    taskerId: Id.openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      description: 'Member to whom the booking goes.',
    }),
    reason: Reason.openapi({
      example: 'Omar is ill.',
      description: 'Free text, for the company and staff.',
    }),
  })
  .openapi('HandOverBooking', {
    example: { taskerId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', reason: 'Omar is ill.' },
  })

const toCompanyBooking = (row: CompanyBookingRow): z.infer<typeof CompanyBooking> => row

const people = { roles: ['client', 'tasker'], relation: { who: ['manager'] } } as const
const tag = 'Companies' as const

export const companyWorkRoutes = newRoutes()

const list = defineOperation({
  operationId: 'companies.listBookings',
  method: 'get',
  path: '/v1/companies/{companyId}/bookings',
  tag,
  summary: 'List the bookings of a company',
  description:
    'Bookings that its members made while they worked for it, for owners, managers, dispatchers and accountants. Newest first.',
  policy: { ...people, scope: 'companies:read' },
  params: idParams('companyId'),
  query: CompanyBookingFilters,
  responses: { 200: { description: 'A page of bookings.', schema: CompanyBookingPage } },
})

companyWorkRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const { companyId } = c.req.valid('param')
  const rows = await listCompanyBookings(userCtxOf(c), companyId, c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toCompanyBooking), 200)
})

const handover = defineOperation({
  operationId: 'companies.handOverBooking',
  method: 'post',
  path: '/v1/companies/{companyId}/bookings/{bookingId}/hand-over',
  tag,
  summary: 'Give a booking to another member',
  description:
    'For owners, managers and dispatchers, while the work has not begun. The booking is taken back without a fee and the task assigned to the member, as staff would do it: they are asked, or not, as their contract says. The answer is the new booking. A task that its new tasker declines is assigned by staff.',
  policy: { ...people, scope: 'companies:write' },
  params: idParams('companyId', 'bookingId'),
  body: HandOver,
  responses: { 200: { description: 'The booking of the member.', schema: CompanyBooking } },
  problems: [
    'already_assigned',
    'assignment_conflict',
    'not_a_member',
    'not_assignable',
    'not_reassignable',
    'rate_currency_refused',
    'starts_at_refused',
    'tasker_busy',
    'tasker_not_assignable',
  ],
})

companyWorkRoutes.openapi(handover, async (c) => {
  const { companyId, bookingId } = c.req.valid('param')
  const row = await handOver(userCtxOf(c), companyId, bookingId, c.req.valid('json'))
  return c.json(toCompanyBooking(row), 200)
})
