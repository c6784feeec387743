import type { Call } from '../../../http/app-env.ts'
import { textLocalesOf } from '../../../http/content-locale.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { CategoryInputs, PutCategoryInputs, toInputs } from './input-schemas.ts'
import { getInputs, type InputsRow, putInputs } from './inputs.ts'

const params = idParams('categoryId')
const path = '/v1/categories/{categoryId}/inputs'

/** In the language of the reader. */
const shown = (c: Call, row: InputsRow) => toInputs(row, textLocalesOf(c, row.defaultLanguage))

export const inputRoutes = newRoutes()

const get = defineOperation({
  operationId: 'categories.getInputs',
  method: 'get',
  path,
  tag: 'Catalog',
  summary: 'Get the questions of a category',
  description:
    'What `structuredInputs` of its tasks has to answer. A category without a list of its own asks what the nearest category above it asks.',
  policy: 'public',
  params,
  etag: true,
  responses: { 200: { description: 'The questions.', schema: CategoryInputs } },
})

inputRoutes.openapi(get, async (c) => {
  const row = await getInputs(ctxOf(c), c.req.valid('param').categoryId)
  return c.json(tagged(c, shown(c, row)), 200)
})

const put = defineOperation({
  operationId: 'categories.putInputs',
  method: 'put',
  path,
  tag: 'Catalog',
  summary: 'Replace the questions of a category',
  description:
    'Publishes a new version of the list; earlier ones are kept. Tasks keep their answers, and are held against the new list when they are changed and when they are posted.',
  policy: { roles: staff, scope: 'catalog:write', permission: 'catalog.manage' },
  params,
  body: PutCategoryInputs,
  ifMatch: 'optional',
  responses: { 200: { description: 'The questions.', schema: CategoryInputs } },
})

inputRoutes.openapi(put, async (c) => {
  const { categoryId } = c.req.valid('param')
  const { questions } = c.req.valid('json')
  const row = await putInputs(userCtxOf(c), categoryId, questions, expectedVersionOf(c))
  return c.json(tagged(c, shown(c, row)), 200)
})
