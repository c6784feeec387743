import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'

const Note = z.string().trim().min(1).max(500)

export const CreateBlock = z
  .strictObject({
    userId: Id.openapi({ description: 'User to block.' }),
    note: Note.optional().openapi({ description: 'Why, for yourself alone.' }),
  })
  .openapi('CreateBlock', {
    example: { userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', note: 'Was rude at the door.' },
  })

export const Block = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'The user whom you have blocked.' }),
    name: z.string().nullable().openapi({ example: 'Mona Adel', description: 'Their name.' }),
    note: Note.nullable().openapi({ example: 'Was rude at the door.', description: 'Your own note.' }),
    createdAt: Timestamp,
  })
  .openapi('Block')
export const BlockPage = pageOf(Block, 'BlockPage')

export const BlockQuery = z.object({ ...pageQuery })
