import { z } from '@hono/zod-openapi'

export const Health = z
  .object({ status: z.literal('ok').openapi({ description: 'Constant.' }) })
  .openapi('Health', { example: { status: 'ok' } })

export const Readiness = z
  .object({
    status: z
      .literal('ok')
      .openapi({ description: 'Constant; if a component does not respond, the response is 503.' }),
    checks: z
      .object({
        database: z.literal('ok').openapi({ description: 'Constant.' }),
        queue: z.literal('ok').openapi({ description: 'Constant.' }),
        object: z.literal('ok').openapi({ description: 'Constant. A Durable Object.' }),
      })
      .openapi({ description: 'Components that responded.' }),
  })
  .openapi('Readiness', { example: { status: 'ok', checks: { database: 'ok', queue: 'ok', object: 'ok' } } })

export const JsonWebKeySet = z
  .object({
    keys: z
      .array(
        z.object({
          kty: z.literal('OKP').openapi({ description: 'Key type.' }),
          crv: z.literal('Ed25519').openapi({ description: 'Curve.' }),
          x: z.string().openapi({ description: 'Public key, in Base64url.' }),
          kid: z.string().openapi({ description: 'Key id, as in the header of a token.' }),
          alg: z.literal('EdDSA').openapi({ description: 'Signature algorithm.' }),
          use: z.literal('sig').openapi({ description: 'Use of the key: signatures.' }),
        }),
      )
      .openapi({ description: 'Public keys, newest first.' }),
  })
  .openapi('JsonWebKeySet', {
    example: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          kid: '2026-11',
          alg: 'EdDSA',
          use: 'sig',
        },
      ],
    },
  })

const ProblemText = z
  .object({
    title: z.string().openapi({ description: 'Short summary.' }),
    detail: z.string().openapi({ description: 'Explanation and remedy.' }),
  })
  .openapi('ProblemText', {
    description: 'Title and detail in one language.',
    example: { title: 'Another tasker was faster', detail: 'This task has already been accepted.' },
  })

export const ProblemType = z
  .object({
    code: z.string().openapi({ example: 'offer_taken', description: 'Stable code, for programs.' }),
    type: z.string().openapi({
      example: 'https://api.khidma.example/problems/offer_taken',
      description: 'Address of this page, as given in `type` of a problem.',
    }),
    status: z.int().openapi({ example: 409, description: 'HTTP status of the response.' }),
    cause: z.string().openapi({
      example: 'Another tasker accepted the task first.',
      description: 'When an operation answers with it. For programmers, in English; Markdown.',
    }),
    remedy: z.string().openapi({
      example: 'Remove the offer from the screen, and wait for the next.',
      description: 'What a program does about it. For programmers, in English; Markdown.',
    }),
    texts: z.object({ en: ProblemText, ar: ProblemText }).openapi({
      example: {
        en: { title: 'Another tasker was faster', detail: 'This task has already been accepted.' },
        ar: { title: 'سبقك مقدم خدمة آخر', detail: 'سبق قبول هذه المهمة.' },
      },
      description: 'ICU MessageFormat; values that depend on the request are in braces.',
    }),
    operations: z
      .array(z.string())
      .optional()
      .openapi({
        example: ['offers.accept'],
        description: 'Operations that answer with it. Absent in the list of all.',
      }),
  })
  .openapi('ProblemType', { description: 'A type of problem.' })

export const ProblemTypeList = z.object({ data: z.array(ProblemType) }).openapi('ProblemTypeList')

export const ProblemCodeParams = z.object({
  code: z.string().max(64).openapi({ example: 'offer_taken', description: '`code` of a problem.' }),
})
