import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import {
  CreateLanguage,
  Language,
  LanguageFilters,
  LanguagePage,
  LanguageParams,
  SetLanguages,
  SpokenLanguagePage,
  SpokenLanguages,
  toLanguage,
  toSpokenLanguage,
  UpdateLanguage,
} from './language-schemas.ts'
import {
  createLanguage,
  getLanguage,
  listLanguages,
  listSpokenLanguages,
  setSpokenLanguages,
  updateLanguage,
} from './languages.ts'
import { PageOnly } from './schemas.ts'

const read = { roles: anyUser, scope: 'profile:read' } as const
const write = { roles: anyUser, scope: 'profile:write' } as const
const editors = { roles: staff, scope: 'catalog:write', permission: 'catalog.manage' } as const
const accountProblems = ['account_suspended', 'account_closed'] as const
const listForSeconds = 300

export const languageRoutes = newRoutes()

const list = defineOperation({
  operationId: 'languages.list',
  method: 'get',
  path: '/v1/languages',
  tag: 'Catalog',
  summary: 'List languages',
  description:
    'Languages that users can list as spoken, in their order. The languages of the platform come first. Cacheable for five minutes.',
  policy: 'public',
  query: LanguageFilters,
  etag: true,
  responses: { 200: { description: 'A page of languages.', schema: LanguagePage } },
})

languageRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listLanguages(ctxOf(c), c.req.valid('query').active ?? true, page)
  c.header('Cache-Control', `public, max-age=${listForSeconds}`)
  return c.json(
    toPage(c, page, rows, toLanguage, (row) => [String(row.sortOrder), row.code]),
    200,
  )
})

const get = defineOperation({
  operationId: 'languages.get',
  method: 'get',
  path: '/v1/languages/{languageCode}',
  tag: 'Catalog',
  summary: 'Get a language',
  description: 'Returns a language, active or not.',
  policy: 'public',
  params: LanguageParams,
  etag: true,
  responses: { 200: { description: 'The language.', schema: Language } },
})

languageRoutes.openapi(get, async (c) => {
  const row = await getLanguage(ctxOf(c), c.req.valid('param').languageCode)
  return c.json(tagged(c, toLanguage(row)), 200)
})

const create = defineOperation({
  operationId: 'languages.create',
  method: 'post',
  path: '/v1/languages',
  tag: 'Catalog',
  summary: 'Add a language',
  description: 'Adds a language that users can list as spoken.',
  policy: editors,
  body: CreateLanguage,
  responses: { 201: { description: 'The new language.', schema: Language } },
  problems: ['already_exists', 'language_default_inactive', 'settings_not_permitted'],
})

languageRoutes.openapi(create, async (c) => {
  const row = await createLanguage(ctxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toLanguage(row)), 201)
})

const update = defineOperation({
  operationId: 'languages.update',
  method: 'patch',
  path: '/v1/languages/{languageCode}',
  tag: 'Catalog',
  summary: 'Update a language',
  description:
    'Changes the fields that are sent. `isDefault: true` takes the place of the default language. Users keep a language that becomes inactive.',
  policy: editors,
  params: LanguageParams,
  body: UpdateLanguage,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated language.', schema: Language } },
  problems: ['language_default_inactive', 'settings_not_permitted'],
})

languageRoutes.openapi(update, async (c) => {
  const { languageCode } = c.req.valid('param')
  const row = await updateLanguage(ctxOf(c), languageCode, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toLanguage(row)), 200)
})

const spoken = defineOperation({
  operationId: 'me.listLanguages',
  method: 'get',
  path: '/v1/me/languages',
  tag: 'Me',
  summary: 'List the languages you speak',
  description: 'Sorted by language code.',
  policy: read,
  query: PageOnly,
  responses: { 200: { description: 'A page of languages.', schema: SpokenLanguagePage } },
})

languageRoutes.openapi(spoken, async (c) => {
  const page = readPage(c)
  const rows = await listSpokenLanguages(userCtxOf(c), page)
  return c.json(
    toPage(c, page, rows, toSpokenLanguage, (row) => [row.code]),
    200,
  )
})

const setSpoken = defineOperation({
  operationId: 'me.setLanguages',
  method: 'put',
  path: '/v1/me/languages',
  tag: 'Me',
  summary: 'Set the languages you speak',
  description: 'Replaces the whole list, of up to 20 languages.',
  policy: write,
  body: SetLanguages,
  responses: { 200: { description: 'The updated list.', schema: SpokenLanguages } },
  problems: [...accountProblems, 'unknown_language'],
})

languageRoutes.openapi(setSpoken, async (c) => {
  const rows = await setSpokenLanguages(userCtxOf(c), c.req.valid('json').languages)
  return c.json({ data: rows.map(toSpokenLanguage) }, 200)
})
