import { z } from '@hono/zod-openapi'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { inputTypes } from '../../../db/schema/supply/catalog.ts'
import { Id, Version } from '../../../http/schemas.ts'
import type { InputsRow } from './inputs.ts'
import { Descriptions, Names } from './text-schemas.ts'

export const questionsLimit = 30

const QuestionId = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, valueTexts.inputName)
  .openapi({ example: 'floor', description: 'Name of the answer in `structuredInputs`.' })

const OptionId = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, valueTexts.inputName)
  .openapi({ example: 'gas', description: 'What an answer says to choose it.' })

const Option = z
  .strictObject({ id: OptionId, labels: Names })
  .openapi('CategoryInputOption', { description: 'An answer to choose.' })

const bound = z.int().min(-1_000_000_000).max(1_000_000_000)

const questionFields = {
  id: QuestionId,
  type: z.enum(inputTypes).openapi('CategoryInputType', {
    example: 'number',
    description:
      'Type of the answer: `text`, `number`, `boolean`, `choice` (the `id` of an option), `choices` (a list of those).',
  }),
  labels: Names.openapi({ description: 'The question by language.' }),
  hints: Descriptions.optional().openapi({ description: 'A hint below the question, by language.' }),
  required: z.boolean().openapi({
    example: true,
    description: 'Whether a task can be posted only with an answer. Drafts may lack it.',
  }),
  min: bound.optional().openapi({
    example: 0,
    description: 'Least number, least length of a text, or least number of choices.',
  }),
  max: bound.optional().openapi({
    example: 60,
    description: 'Highest number, greatest length of a text, or greatest number of choices.',
  }),
  options: z
    .array(Option)
    .min(1)
    .max(50)
    .optional()
    .openapi({ description: 'For `choice` and `choices`: the answers to choose from.' }),
}

type Fields = z.infer<z.ZodObject<typeof questionFields>>

const isChoice = ({ type }: Fields) => type === 'choice' || type === 'choices'
const areDistinct = (items: { id: string }[] = []) => new Set(items.map(({ id }) => id)).size === items.length

const Question = z
  .strictObject(questionFields)
  .refine((question) => isChoice(question) === (question.options !== undefined), {
    path: ['options'],
    error: valueTexts.optionsOfChoice,
  })
  .refine(({ options }) => areDistinct(options), { path: ['options'], error: valueTexts.eachOnce })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['max'],
    error: valueTexts.notBelowMinimum,
  })
  .refine(
    ({ type, min, max }) =>
      (type !== 'boolean' && type !== 'choice') || (min === undefined && max === undefined),
    { path: ['min'], error: valueTexts.boundsOfQuestion },
  )
  .openapi('CategoryInputQuestion', { description: 'A question of a category.' })

export const PutCategoryInputs = z
  .strictObject({
    questions: z.array(Question).max(questionsLimit).refine(areDistinct, valueTexts.eachOnce).openapi({
      description: 'All questions, in the order in which they are asked. `[]`: nothing is asked.',
    }),
  })
  .openapi('PutCategoryInputs', {
    description: 'The questions of a category, in place of those before.',
    example: {
      questions: [
        {
          id: 'floor',
          type: 'number',
          labels: { en: 'Which floor?', ar: 'أي طابق؟' },
          required: true,
          min: 0,
          max: 60,
        },
        {
          id: 'heating',
          type: 'choice',
          labels: { en: 'How is the water heated?', ar: 'كيف يُسخّن الماء؟' },
          required: false,
          options: [
            { id: 'gas', labels: { en: 'Gas', ar: 'غاز' } },
            { id: 'electric', labels: { en: 'Electricity', ar: 'كهرباء' } },
          ],
        },
      ],
    },
  })

const Label = z.string().openapi({
  example: 'Which floor?',
  description: 'The text in the language of the answer, else in the default language, else in English.',
})

const ShownOption = z
  .object({ id: OptionId, label: Label.openapi({ example: 'Gas' }), labels: Names })
  .openapi('ShownCategoryInputOption', { description: 'An answer to choose, in the language of the reader.' })

const ShownQuestion = z
  .object({
    ...questionFields,
    label: Label,
    hint: z.string().nullable().openapi({
      example: null,
      description: 'A hint below the question, in the language of the answer; null: none.',
    }),
    options: z.array(ShownOption).optional().openapi({
      description: 'For `choice` and `choices`: the answers to choose from.',
    }),
  })
  .openapi('ShownCategoryInputQuestion', {
    description: 'A question of a category, in the language of the reader.',
  })

export const CategoryInputs = z
  .object({
    categoryId: Id.openapi({
      description: 'Category that gives the list: the one asked for, or the nearest above it.',
    }),
    version: Version.openapi({
      example: 7,
      description: 'Grows with each new list, of any category. 0: there is none, and any answers are taken.',
    }),
    questions: z
      .array(ShownQuestion)
      .max(questionsLimit)
      .openapi({ description: 'Questions in the order in which they are asked.' }),
  })
  .openapi('CategoryInputs', { description: 'What a category asks of whoever describes work.' })

export const toInputs = (row: InputsRow, locales: TextLocales): z.infer<typeof CategoryInputs> => ({
  categoryId: row.categoryId,
  version: row.version,
  questions: row.questions.map(({ options, ...question }) => ({
    ...question,
    label: nameIn(locales, question.labels),
    hint: question.hints ? textIn(locales, question.hints) : null,
    ...(options && {
      options: options.map((option) => ({ ...option, label: nameIn(locales, option.labels) })),
    }),
  })),
})
