import { z } from '@hono/zod-openapi'
import { disputeEvidenceKinds } from '../../../db/schema/trust/disputes.ts'
import { pageOf } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import type { DisputeEvidenceRow, DisputeNoteRow } from './evidence.ts'
import { DisputeSide } from './offer-schemas.ts'

const LongText = z.string().trim().min(1).max(4_000)
const Caption = z.string().trim().min(1).max(500)
const Seq = z.int().min(1).max(1_000_000_000)
/** Messages that one piece of evidence can cite. */
const mostMessages = 200

const example = 'I came twice and nobody opened.'
const exampleId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'

const Statement = z
  .strictObject({
    kind: z.literal('statement').openapi({ example: 'statement', description: 'Words of your own.' }),
    text: LongText.openapi({ example, description: 'What happened, in your words.' }),
  })
  .openapi('AddDisputeStatement', {
    description: 'A statement.',
    example: { kind: 'statement', text: example },
  })

const File = z
  .strictObject({
    kind: z.literal('file').openapi({ example: 'file', description: 'An image or a document.' }),
    mediaId: Id.openapi({ description: 'An uploaded image or document of yours.' }),
    text: Caption.optional().openapi({ example: 'The tap on Tuesday.', description: 'Caption.' }),
  })
  .openapi('AddDisputeFile', {
    description: 'A file.',
    example: { kind: 'file', mediaId: exampleId, text: 'The tap on Tuesday.' },
  })

const Chat = z
  .strictObject({
    kind: z.literal('chat').openapi({ example: 'chat', description: 'Messages of the conversation.' }),
    fromSeq: Seq.openapi({ example: 3, description: 'First place in the log of the conversation.' }),
    toSeq: Seq.openapi({ example: 9, description: 'Last place, at most 200 after the first.' }),
    text: Caption.optional().openapi({
      example: 'Here we agreed on three taps.',
      description: 'What they show.',
    }),
  })
  .refine(({ fromSeq, toSeq }) => toSeq >= fromSeq && toSeq - fromSeq < mostMessages, { path: ['toSeq'] })
  .openapi('AddDisputeExtract', {
    description: 'An extract of the chat of the booking.',
    example: { kind: 'chat', fromSeq: 3, toSeq: 9, text: 'Here we agreed on three taps.' },
  })

export const AddDisputeEvidence = z
  .discriminatedUnion('kind', [Statement, File, Chat])
  .openapi('AddDisputeEvidence', {
    description: 'Evidence to be added.',
    example: { kind: 'statement', text: example },
  })

const CitedMessage = z
  .object({
    seq: z.int().openapi({ example: 3, description: 'Place in the log.' }),
    messageId: Id.openapi({ description: 'The message.' }),
    senderId: Id.nullable().openapi({ description: 'Its author; null for messages of the system.' }),
    kind: z.string().openapi({ example: 'text', description: 'Kind of message.' }),
    replyTo: Id.nullable().openapi({ example: null, description: 'The message that it answers.' }),
    text: z.string().nullable().openapi({
      example: 'Three taps, as agreed.',
      description: 'Its text when it was cited; null if it was deleted then.',
    }),
    mediaId: Id.nullable().openapi({
      example: null,
      description: 'Its file: a piece of evidence of its own as well.',
    }),
    createdAt: Timestamp,
    editedAt: Timestamp.nullable().openapi({ example: null, description: 'When it was last edited.' }),
    deletedAt: Timestamp.nullable().openapi({ example: null, description: 'When it was deleted.' }),
  })
  .openapi('CitedMessage', { description: 'A message as it was when it was cited.' })

const Extract = z
  .object({
    fromSeq: z.int().openapi({ example: 3, description: 'First place in the log.' }),
    toSeq: z.int().openapi({ example: 9, description: 'Last place.' }),
    sha256: z.string().openapi({
      example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      description: 'SHA-256 of the copy, hex, taken when it was added.',
    }),
    messages: z.array(CitedMessage).openapi({ description: 'The messages, in the order of the log.' }),
  })
  .openapi('DisputeExtract', {
    description: 'A copy of a part of the chat, which later edits do not change.',
  })

export const DisputeEvidence = z
  .object({
    id: Id,
    disputeId: Id,
    kind: z.enum(disputeEvidenceKinds).openapi({
      example: 'statement',
      description: '`statement`: a text. `file`: an image or document. `chat`: an extract of the chat.',
    }),
    side: DisputeSide.openapi({ example: 'tasker', description: 'Side that added it.' }),
    addedBy: Id.openapi({ description: 'User who added it.' }),
    text: z.string().nullable().openapi({ example, description: 'The statement, or a caption.' }),
    mediaId: Id.nullable().openapi({
      example: null,
      description:
        'The file: `media.get` returns it to both sides and staff. Null also if an erasure took it.',
    }),
    citedIn: Id.nullable().openapi({
      example: null,
      description: 'The extract whose message shows the file.',
    }),
    extract: z.union([Extract, z.null()]).openapi({ example: null, description: 'The messages cited.' }),
    createdAt: Timestamp,
  })
  .openapi('DisputeEvidence', { description: 'Evidence in a dispute. It never changes.' })

export const DisputeEvidencePage = pageOf(DisputeEvidence, 'DisputeEvidencePage')

export const toDisputeEvidence = (row: DisputeEvidenceRow): z.infer<typeof DisputeEvidence> => ({
  id: row.id,
  disputeId: row.disputeId,
  kind: row.kind,
  side: row.side,
  addedBy: row.addedBy,
  text: row.text,
  mediaId: row.mediaId,
  citedIn: row.citedIn,
  extract:
    row.extract && row.fromSeq !== null && row.toSeq !== null && row.extractSha256
      ? { fromSeq: row.fromSeq, toSeq: row.toSeq, sha256: row.extractSha256, messages: row.extract }
      : null,
  createdAt: row.createdAt,
})

const NoteText = LongText.openapi({
  example: 'Third complaint about this tasker.',
  description: 'Free text, shown to staff alone.',
})

export const AddDisputeNote = z
  .strictObject({ text: NoteText })
  .openapi('AddDisputeNote', { example: { text: 'Third complaint about this tasker.' } })

export const DisputeNote = z
  .object({
    id: Id,
    disputeId: Id,
    authorId: Id.openapi({ description: 'Member of staff.' }),
    text: NoteText,
    createdAt: Timestamp,
  })
  .openapi('DisputeNote', { description: 'A note about a dispute that staff alone read.' })

export const DisputeNotePage = pageOf(DisputeNote, 'DisputeNotePage')

export const toDisputeNote = (row: DisputeNoteRow): z.infer<typeof DisputeNote> => ({
  id: row.id,
  disputeId: row.disputeId,
  authorId: row.authorId,
  text: row.text,
  createdAt: row.createdAt,
})
