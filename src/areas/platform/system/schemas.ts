import { z } from '@hono/zod-openapi'

export const Health = z.object({ status: z.literal('ok') }).openapi('Health', { example: { status: 'ok' } })

export const Readiness = z
  .object({
    status: z.literal('ok'),
    checks: z.object({ database: z.literal('ok'), queue: z.literal('ok'), object: z.literal('ok') }),
  })
  .openapi('Readiness', { example: { status: 'ok', checks: { database: 'ok', queue: 'ok', object: 'ok' } } })

export const JsonWebKeySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
      }),
    ),
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

const ProblemText = z.object({ title: z.string(), detail: z.string() }).openapi('ProblemText', {
  example: { title: 'Another tasker was faster', detail: 'This task has its tasker already.' },
})

export const ProblemType = z
  .object({
    code: z.string().openapi({ example: 'offer_taken' }),
    type: z.string().openapi({ example: 'https://api.khidma.example/problems/offer_taken' }),
    status: z.int().openapi({ example: 409 }),
    texts: z.object({ en: ProblemText, ar: ProblemText }).openapi({
      example: {
        en: { title: 'Another tasker was faster', detail: 'This task has its tasker already.' },
        ar: { title: 'سبقك مقدم خدمة آخر', detail: 'لهذه المهمة مقدم خدمة بالفعل.' },
      },
      description: 'ICU MessageFormat: values of the occasion stand in braces.',
    }),
  })
  .openapi('ProblemType')

export const ProblemTypeList = z.object({ data: z.array(ProblemType) }).openapi('ProblemTypeList')

export const ProblemCodeParams = z.object({
  code: z.string().max(64).openapi({ example: 'offer_taken', description: 'The `code` of a problem.' }),
})
