import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../../core/value-texts.ts'
import { bookingDeadlineKinds } from '../../../../db/schema/work/bookings.ts'
import { pageOf } from '../../../../http/pages.ts'
import { Id, Latitude, Longitude, Timestamp } from '../../../../http/schemas.ts'
import type { BookingRow } from '../bookings.ts'
import type { BookingNoteRow, BookingProofRow } from './proofs.ts'

export const BookingDeadline = z
  .object({
    kind: z.enum(bookingDeadlineKinds).openapi({
      example: 'confirmation',
      description:
        '`confirmation`: the client confirms, or the booking lapses. `visit`: the start. `start`: the work begins, or the booking lapses. `completion`: the work is completed, or counts as completed. `acceptance`: the client accepts the work or opens a dispute, or it counts as accepted. `payment`: it is paid, or staff are told.',
    }),
    dueAt: Timestamp.openapi({
      example: '2026-11-22T08:30:00.000Z',
      description: 'The instant that decides.',
    }),
  })
  .openapi('BookingDeadline', { description: 'An instant by which something has to happen.' })

export const BookingProgress = z
  .object({
    onTheWayAt: Timestamp.nullable().openapi({ description: 'When the tasker set out.' }),
    lateMinutes: z.int().nullable().openapi({
      example: null,
      description: 'Delay that the tasker has told last, in minutes.',
    }),
    arrivedAt: Timestamp.nullable().openapi({ description: 'When the tasker arrived.' }),
    arrivalDistanceMeters: z.int().nullable().openapi({
      example: null,
      description:
        'Distance of the reported arrival from the place of the task; null where no position was sent. The position is not kept.',
    }),
    startCodeRequired: z.boolean().openapi({
      example: false,
      description: 'Whether the work starts by the code that the client shows (`bookings.getStartCode`).',
    }),
    startedByCode: z.boolean().openapi({
      example: false,
      description: 'Whether it did: both were there.',
    }),
    workAcceptedAt: Timestamp.nullable().openapi({ description: 'When the work was accepted.' }),
    workAcceptedBy: z
      .enum(['client', 'silence'])
      .nullable()
      .openapi({ example: null, description: 'By the client, or by their silence until the deadline.' }),
  })
  .openapi('BookingProgress', { description: 'Course of a booking between its states.' })

export const toProgress = (row: BookingRow): z.infer<typeof BookingProgress> => ({
  onTheWayAt: row.onTheWayAt,
  lateMinutes: row.lateMinutes,
  arrivedAt: row.arrivedAt,
  arrivalDistanceMeters: row.arrivalDistanceM,
  startCodeRequired: row.startCodeRequired,
  startedByCode: row.startedByCode,
  workAcceptedAt: row.workAcceptedAt,
  workAcceptedBy: row.workAcceptedBy,
})

const Position = z.strictObject({ lat: Latitude, lng: Longitude }).openapi('ArrivalPosition', {
  description: 'Position of the tasker. Only its distance from the task is kept.',
})

export const ArriveAtBooking = z
  .strictObject({
    position: Position.optional().openapi({ description: 'Where you are, if you want to show it.' }),
  })
  .openapi('ArriveAtBooking', {
    description: 'An arrival.',
    example: { position: { lat: 30.0445, lng: 31.2358 } },
  })

export const ReportDelay = z
  .strictObject({
    minutes: z.int().min(1).max(1_440).openapi({
      example: 20,
      description: 'How many minutes after the start you expect to arrive.',
    }),
  })
  .openapi('ReportDelay', { description: 'A delay.', example: { minutes: 20 } })

export const StartBooking = z
  .strictObject({
    startCode: z
      .string()
      .regex(/^\d{6}$/, valueTexts.sixDigits)
      .optional()
      .openapi({
        example: '482913',
        description: 'The code that the client shows. Needed where `startCodeRequired` is true.',
      }),
  })
  .openapi('StartBooking', { description: 'The start of the work.', example: { startCode: '482913' } })

export const DemandStartCode = z
  .strictObject({
    isRequired: z.boolean().openapi({
      example: true,
      description: 'Whether the work may start only by your code.',
    }),
  })
  .openapi('DemandStartCode', {
    description: 'Whether the start code is demanded.',
    example: { isRequired: true },
  })

export const StartCode = z
  .object({
    bookingId: Id,
    code: z.string().openapi({ example: '482913', description: 'Six digits, to be shown to the tasker.' }),
    changesAt: Timestamp.openapi({ description: 'When there is another code.' }),
    validUntil: Timestamp.openapi({ description: 'Until when this one is taken.' }),
  })
  .openapi('StartCode', { description: 'The code by which the work of a booking starts.' })

const ProofKind = z.enum(['before', 'after', 'no_show']).openapi({
  example: 'before',
  description:
    '`before`, `after`: the place before and after the work, by the tasker. `no_show`: evidence about a side that did not appear, by either side.',
})

export const BookingProof = z
  .object({
    id: Id,
    bookingId: Id,
    kind: ProofKind,
    mediaId: Id.openapi({ description: 'The photo: `media.get` returns it to both sides and staff.' }),
    addedBy: Id.openapi({ description: 'User who added it.' }),
    caption: z.string().nullable().openapi({ example: 'The pipe below the sink.', description: 'Caption.' }),
    createdAt: Timestamp,
  })
  .openapi('BookingProof', { description: 'A photo that proves something about a booking.' })

export const BookingProofPage = pageOf(BookingProof, 'BookingProofPage')

export const AddBookingProof = z
  .strictObject({
    kind: ProofKind,
    mediaId: Id.openapi({ description: 'An uploaded image of yours, which shows nothing else yet.' }),
    caption: z.string().trim().min(1).max(500).optional().openapi({
      example: 'The pipe below the sink.',
      description: 'Caption.',
    }),
  })
  .openapi('AddBookingProof', {
    description: 'A photo to be added.',
    example: {
      kind: 'before',
      mediaId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      caption: 'The pipe below the sink.',
    },
  })

export const toBookingProof = (row: BookingProofRow): z.infer<typeof BookingProof> => ({
  id: row.id,
  bookingId: row.bookingId,
  kind: row.kind,
  mediaId: row.mediaId,
  addedBy: row.addedBy,
  caption: row.caption,
  createdAt: row.createdAt,
})

const NoteText = z.string().trim().min(1).max(2_000).openapi({
  example: 'The old pipe is out; the new one comes tomorrow.',
  description: 'Free text, shown to both sides and staff.',
})

export const BookingNote = z
  .object({
    id: Id,
    bookingId: Id,
    authorId: Id.openapi({ description: 'The tasker.' }),
    text: NoteText,
    createdAt: Timestamp,
  })
  .openapi('BookingNote', { description: 'A note of the tasker about the progress of the work.' })

export const BookingNotePage = pageOf(BookingNote, 'BookingNotePage')

export const AddBookingNote = z.strictObject({ text: NoteText }).openapi('AddBookingNote', {
  description: 'A note about the progress.',
  example: { text: 'The old pipe is out; the new one comes tomorrow.' },
})

export const toBookingNote = (row: BookingNoteRow): z.infer<typeof BookingNote> => ({
  id: row.id,
  bookingId: row.bookingId,
  authorId: row.authorId,
  text: row.text,
  createdAt: row.createdAt,
})
