import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { createdQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import type { ReviewRow } from './reviews.ts'

const Rating = z
  .int()
  .min(1)
  .max(5)
  .openapi({ example: 5, description: 'Rating from 1 (poor) to 5 (excellent).' })

const ReviewTag = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, valueTexts.reviewTag)
  .openapi({ example: 'on_time', description: 'What stood out.' })

const tagsLimit = 10

export const Review = z
  .object({
    id: Id,
    bookingId: Id,
    reviewerId: Id.openapi({ description: 'User who wrote the review.' }),
    reviewerName: z
      .string()
      .nullable()
      .openapi({ example: 'Nour', description: 'First name of the reviewer.' }),
    revieweeId: Id.openapi({ description: 'User who was reviewed.' }),
    rating: Rating,
    tags: z.array(ReviewTag).openapi({ description: 'What stood out.' }),
    comment: z.string().nullable().openapi({ example: 'Quick and clean work.', description: 'Free text.' }),
    createdAt: Timestamp,
  })
  .openapi('Review', { description: 'A review of one party of a booking by the other.' })

/** As strangers read it: which booking it was, and who the client is, stays between the two. */
export const PublicReview = Review.omit({ bookingId: true, reviewerId: true, revieweeId: true }).openapi(
  'PublicReview',
  { description: 'A review, as everyone can read it.' },
)

export const PublicReviewPage = pageOf(PublicReview, 'PublicReviewPage')

export const PublicReviewQuery = z.object({ ...pageQuery, ...createdQuery })

export const CreateReview = z
  .strictObject({
    rating: Rating,
    tags: z
      .array(ReviewTag)
      .max(tagsLimit)
      .refine((tags) => new Set(tags).size === tags.length, valueTexts.eachOnce)
      .optional()
      .openapi({ description: 'What stood out.' }),
    comment: z.string().trim().min(1).max(2_000).nullable().optional().openapi({ description: 'Free text.' }),
  })
  .openapi('CreateReview', {
    example: { rating: 5, tags: ['on_time', 'tidy'], comment: 'Quick and clean work.' },
  })

export const toReview = (row: ReviewRow): z.infer<typeof Review> => row

export const toPublicReview = (row: ReviewRow): z.infer<typeof PublicReview> => ({
  id: row.id,
  reviewerName: row.reviewerName,
  rating: row.rating,
  tags: row.tags,
  comment: row.comment,
  createdAt: row.createdAt,
})
