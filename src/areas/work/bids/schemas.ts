import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  queryBoolean,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { TaskState } from '../tasks/schemas.ts'
import { type BidRow, bidPartyOf } from './bids.ts'
import { bidOrders, type ComparedRow } from './comparison.ts'
import { bidOutcomes, type ExplanationRow, pricePositions, rankBands } from './explanations.ts'
import { bidMachine } from './machine.ts'

export const BidStatus = z.enum(bidMachine.states).openapi('BidStatus', {
  description: 'Status of a bid.',
  example: 'pending',
})

const text = (max: number) => z.string().trim().min(1).max(max)

const Milestone = z
  .strictObject({
    title: text(200).openapi({ example: 'Tiles laid', description: 'What is done by then.' }),
    amountMinor: AmountMinor.min(1).max(100_000_000_000).openapi({
      example: 20_000,
      description: 'Part of the price, in minor units.',
    }),
    days: z.int().min(0).max(730).openapi({
      example: 7,
      description: 'Days after the start by which it is done.',
    }),
  })
  .openapi('ProposedMilestone', { description: 'A stage of the work that a bidder proposes.' })

const amountMinor = AmountMinor.min(1).max(100_000_000_000).openapi({
  example: 22_000,
  description:
    'Price in minor units of the currency of the task: for an hour or for the whole, as the task is priced.',
})
const minutes = z
  .int()
  .min(15)
  .max(10_080)
  .openapi({ example: 120, description: 'Expected duration in minutes.' })

const terms = {
  amountMinor,
  minutes,
  message: text(4_000).openapi({
    example: 'I have replaced many of these valves. I bring the parts.',
    description: 'Why the client should choose you. Without phone numbers, links or addresses.',
  }),
  milestones: z.array(Milestone).max(20).openapi({
    description: 'Stages, for a fixed price: their amounts sum up to it.',
  }),
  upfrontBasisPoints: z.int().min(0).max(10_000).openapi({
    example: 2_000,
    description: 'Part of the price that you want before the work begins, in basis points: 2000 is 20 %.',
  }),
  portfolioMediaIds: z
    .array(Id)
    .max(10)
    .refine((ids) => new Set(ids).size === ids.length, valueTexts.eachOnce)
    .openapi({ description: 'Images and documents that you have uploaded, to show your work.', example: [] }),
}

export const CreateBid = z
  .strictObject({
    ...terms,
    milestones: terms.milestones.optional(),
    upfrontBasisPoints: terms.upfrontBasisPoints.optional(),
    portfolioMediaIds: terms.portfolioMediaIds.optional(),
  })
  .openapi('CreateBid', {
    description: 'A price, a duration and a text for a task.',
    example: {
      amountMinor: 22_000,
      minutes: 120,
      message: 'I have replaced many of these valves. I bring the parts.',
    },
  })

export const UpdateBid = z
  .strictObject(terms)
  .partial()
  .openapi('UpdateBid', {
    description: 'Terms of a bid that change; the others stay.',
    example: { amountMinor: 21_000 },
  })

export const CounterBid = z
  .strictObject({ amountMinor: amountMinor.optional(), minutes: minutes.optional() })
  .openapi('CounterBid', {
    description: 'Terms that you propose in place of those of the bid.',
    example: { amountMinor: 20_000 },
  })

export const DeclineBid = z
  .strictObject({
    reason: Reason.openapi({
      example: 'More than I can spend.',
      description: 'Free text, shown to the tasker.',
    }),
  })
  .openapi('DeclineBid', {
    description: 'Why a bid is declined; its tasker can read it.',
    example: { reason: 'More than I can spend.' },
  })

const Counter = z
  .object({
    amountMinor: AmountMinor.openapi({ example: 20_000 }),
    minutes: z.int().openapi({ example: 120, description: 'Duration in minutes.' }),
    proposedAt: Timestamp.openapi({ description: 'Time of the proposal.' }),
  })
  .openapi('BidCounterOffer', { description: 'Other terms that the client has proposed for a bid.' })

const bidFields = {
  id: Id,
  status: BidStatus,
  amountMinor: AmountMinor.openapi({
    example: 22_000,
    description: 'Price in minor units: for an hour or for the whole, as the task is priced.',
  }),
  currency: Currency,
  minutes: z.int().openapi({ example: 120, description: 'Expected duration in minutes.' }),
  message: z.string().nullable().openapi({
    example: 'I have replaced many of these valves. I bring the parts.',
    description: 'What the tasker writes to the client.',
  }),
  milestones: z.array(Milestone).openapi({
    description: 'Stages that the tasker proposes, for a fixed price: their amounts sum up to it.',
    example: [],
  }),
  upfrontBasisPoints: z.int().openapi({
    example: 2_000,
    description: 'Part of the price that the tasker wants before the work begins, in basis points.',
  }),
  portfolioMediaIds: z.array(Id).openapi({ description: 'Files that show work of the tasker.', example: [] }),
  counterOffer: Counter.nullable().openapi({
    example: null,
    description: 'Other terms that wait for the answer of the tasker; null for none.',
  }),
  awardedAt: Timestamp.nullable().openapi({ description: 'Time at which the client chose it.' }),
  awardExpiresAt: Timestamp.nullable().openapi({
    description: 'The tasker can accept an award until then.',
  }),
  acceptedAt: Timestamp.nullable().openapi({ description: 'Time at which it won the task.' }),
  respondedAt: Timestamp.nullable().openapi({ description: 'Time of the first answer to the tasker.' }),
  declineReason: z.string().nullable().openapi({
    example: null,
    description: 'Why the client declined it; null where they did not.',
  }),
  bookingId: Id.nullable().openapi({ example: null, description: 'The booking that it won.' }),
  allowedActions: AllowedActions,
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

const BidTask = z
  .object({
    id: Id,
    title: z
      .string()
      .nullable()
      .openapi({ example: 'Dripping kitchen tap', description: 'Title of the task.' }),
    category: z.string().openapi({ example: 'plumbing', description: 'Slug of the category.' }),
    city: z.string().openapi({ example: 'Cairo', description: 'Name of the city.' }),
    district: z.string().nullable().openapi({ example: 'Downtown', description: 'District of the city.' }),
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    deadline: Timestamp.nullable().openapi({ description: 'Bids are taken until then.' }),
    pricingModel: z.enum(['hourly', 'fixed']).openapi({
      example: 'hourly',
      description: '`hourly`: billed by time. `fixed`: one price for the whole task.',
    }),
    estMinutes: z.int().nullable().openapi({ example: 90, description: 'Expected duration in minutes.' }),
    currency: Currency,
    state: TaskState,
  })
  .openapi('BidTask', { description: 'The task of a bid.' })

export const Bid = z
  .object({
    ...bidFields,
    taskerId: Id.openapi({ description: 'User id of the tasker.' }),
    task: BidTask,
  })
  .openapi('Bid', { description: "A tasker's proposal for a task." })

export const BidPage = pageOf(Bid, 'BidPage')

export const BidFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: BidStatus.optional().openapi({ description: 'Only bids with this status.' }),
  taskId: relatedId('Only bids on this task.'),
  taskerId: relatedId('Only bids of this tasker.'),
})

const rate = (description: string) => z.number().openapi({ example: 0.94, description })

export const ComparedBid = z
  .object({
    ...bidFields,
    taskId: Id.openapi({ description: 'The task.' }),
    tasker: z
      .object({
        id: Id.openapi({ description: 'User id of the tasker.' }),
        name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Full name.' }),
        ratingAvg: z.number().nullable().openapi({
          example: 4.8,
          description: 'Average rating from 1 to 5; null without reviews.',
        }),
        ratingCount: z.int().openapi({ example: 36, description: 'Number of reviews.' }),
        bookingsCompleted: z.int().openapi({ example: 41, description: 'Number of completed bookings.' }),
        acceptanceRate: rate('Accepted share of the answered offers, from 0 to 1.'),
        completionRate: rate('Completed share of the bookings that have ended, from 0 to 1.'),
        distanceKm: z.number().nullable().openapi({
          example: 1.5,
          description: 'From the middle of their service area, rounded to half a kilometre.',
        }),
      })
      .openapi('Bidder', { description: 'The tasker of a bid, as far as it helps to compare.' }),
    minutesAfterPosting: z.int().nullable().openapi({
      example: 12,
      description: 'How long after the posting of the task the bid was made, in minutes.',
    }),
    shortlistedAt: Timestamp.nullable().openapi({
      description: 'Time at which you put it on your shortlist.',
    }),
    archivedAt: Timestamp.nullable().openapi({ description: 'Time at which you put it aside.' }),
  })
  .openapi('ComparedBid', { description: 'A bid as its client compares it with the others.' })

export const ComparedBidPage = pageOf(ComparedBid, 'ComparedBidPage')

export const ComparisonFilters = z.object({
  ...pageQuery,
  sort: z.enum(bidOrders).optional().openapi({
    example: 'price',
    description:
      '`newest` (usual), `price`: the lowest first, `rating`: the best first, `distance`: the nearest first.',
  }),
  status: BidStatus.optional().openapi({ description: 'Only bids with this status.' }),
  shortlisted: queryBoolean()
    .optional()
    .openapi({ description: 'Only bids on your shortlist, or only others.' }),
  archived: queryBoolean().optional().openapi({
    description: 'True: only bids that you put aside. Without it they are left out.',
  }),
})

export const BidExplanation = z
  .object({
    bidId: Id,
    outcome: z.enum(bidOutcomes).openapi('BidOutcome', {
      example: 'another_won',
      description: 'How the bid stands, or why it ended.',
    }),
    declineReason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Reason that the client gave.' }),
    rankBand: z.enum(rankBands).nullable().openapi({
      example: 'middle',
      description:
        'Third of the bids that yours is in, by price, rating and completed bookings. Null while there are fewer than three others.',
    }),
    pricePosition: z.enum(pricePositions).nullable().openapi({
      example: 'usual',
      description:
        'Your price beside the middle half of the others, in coarse classes. Null while there are fewer than three others.',
    }),
    missingSkills: z.array(z.string()).openapi({
      example: ['leak detection'],
      description: 'Skills that the client looks for and your profile does not name.',
    }),
  })
  .openapi('BidExplanation', { description: 'Why a bid stands where it does, without data of other bids.' })

export const toExplanation = ({ isMine: _isMine, ...row }: ExplanationRow): z.infer<typeof BidExplanation> =>
  row

const toFields = (row: Omit<BidRow, 'task'>, actor: Actor) => ({
  id: row.id,
  status: row.statusNow,
  amountMinor: row.amount,
  currency: row.currency,
  minutes: row.minutes,
  message: row.message,
  milestones: row.milestones,
  upfrontBasisPoints: row.upfrontBasisPoints,
  portfolioMediaIds: row.portfolioMediaIds,
  counterOffer:
    row.counterAmount !== null && row.counterMinutes !== null && row.counteredAt !== null
      ? { amountMinor: row.counterAmount, minutes: row.counterMinutes, proposedAt: row.counteredAt }
      : null,
  awardedAt: row.awardedAt,
  awardExpiresAt: row.awardExpiresAt,
  acceptedAt: row.acceptedAt,
  respondedAt: row.respondedAt,
  declineReason: row.declineReason,
  bookingId: row.bookingId,
  allowedActions: allowedActions(bidMachine, row.statusNow, bidPartyOf(actor, row)),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

export const toBid = (row: BidRow, actor: Actor): z.infer<typeof Bid> => ({
  ...toFields(row, actor),
  taskerId: row.taskerId,
  task: { ...row.task, pricingModel: row.task.pricingModel === 'fixed' ? 'fixed' : 'hourly' },
})

export const toComparedBid = (row: ComparedRow, actor: Actor): z.infer<typeof ComparedBid> => ({
  ...toFields(row, actor),
  taskId: row.taskId,
  tasker: {
    id: row.taskerId,
    name: row.taskerName,
    ratingAvg: row.ratingAvg,
    ratingCount: row.ratingCount,
    bookingsCompleted: row.bookingsCompleted,
    acceptanceRate: row.acceptanceRate,
    completionRate: row.completionRate,
    distanceKm: row.distanceKm,
  },
  minutesAfterPosting: row.minutesAfterPosting,
  shortlistedAt: row.shortlistedAt,
  archivedAt: row.archivedAt,
})
