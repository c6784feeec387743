import { escapeHtml } from '../../src/core/html.ts'
import { htmlPage } from '../../src/http/page.ts'
import { type AddressOf, codeHtml, htmlOf, htmlTable, inlineHtml } from './html-text.ts'
import {
  type Body,
  type Document,
  type Json,
  nameOfRef,
  type OperationObject,
  operationsOf,
  type PathItem,
  resolved,
  type Schema,
  schemasUsedBy,
  slugOf,
} from './json.ts'

/**
 * The reference for people, at `/docs`: a page for each tag, without a script, so that a slow phone shows its text with the
 * first bytes. The explorer, which can make calls, is a page of its own.
 */
export function htmlPagesOf(document: Document): [path: string, html: string][] {
  const addressOf = addressesIn(document)
  const pages = document.tags.map((tag): [string, string] => [
    `docs/${slugOf(tag.name)}.html`,
    tagPage(document, tag, addressOf),
  ])
  return [['docs/index.html', indexPage(document, addressOf)], ...pages]
}

/** The page of Scalar, whose script is named by its content. It brings its own style; until it has loaded, a line says so. */
export const explorerPage = (script: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Explorer · Khidma</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  </head>
  <body>
    <div id="loading"><h1>Explorer</h1><p>Loading 1.3 MB. The <a href="/docs">reference</a> needs no script.</p></div>
    <div id="reference"></div>
    <script defer src="/docs/${script}"></script>
    <script defer src="/docs/start.js"></script>
  </body>
</html>
`

function addressesIn(document: Document): AddressOf {
  const addresses = new Map<string, string>()
  for (const [, , { operationId, tags }] of operationsOf(document))
    addresses.set(operationId, `/docs/${slugOf(tags[0] ?? '')}#${operationId}`)
  for (const code of document.components.schemas.ProblemCode?.enum ?? [])
    addresses.set(String(code), `/problems/${code}`)
  for (const type of Object.keys(document.webhooks)) addresses.set(type, `/docs/events#${type}`)
  return (word) => addresses.get(word)
}

function indexPage({ info, tags, components, ...rest }: Document, addressOf: AddressOf): string {
  const { title, summary, description } = info as Record<string, string>
  const operations = [...operationsOf(rest)]
  const chapters = tags.map(({ name, description: about }) => {
    const own = operations.filter(([, , operation]) => operation.tags.includes(name))
    return [
      `<a href="/docs/${slugOf(name)}">${escapeHtml(name)}</a>`,
      inlineHtml(about, addressOf),
      String(own.length),
    ]
  })
  const schemes = Object.entries(components.securitySchemes as Record<string, { description: string }>)
  return htmlPage(
    'Reference',
    [
      `<h1>${escapeHtml(title ?? '')}</h1><p>${escapeHtml(summary ?? '')}</p>`,
      '<p><a href="/docs/explorer">Explorer</a> (makes calls) · <a href="/problems">Problems</a> · <a href="/openapi.json">OpenAPI 3.1</a> · <a href="/openapi-3.0.json">OpenAPI 3.0.3</a> · <a href="/asyncapi.json">AsyncAPI</a> · <a href="/llms.txt">Text</a> · <a href="/compatibility.md">Compatibility</a> · <a href="/changelog.md">Changelog</a></p>',
      htmlTable(['chapter', 'about', 'operations'], chapters),
      htmlOf(description ?? '', addressOf),
      '<h2>Security schemes</h2>',
      ...schemes.map(([name, scheme]) => `<h3>${name}</h3>${htmlOf(scheme.description, addressOf)}`),
    ].join('\n'),
  )
}

function tagPage(
  document: Document,
  { name, description }: Document['tags'][number],
  operationOrProblem: AddressOf,
): string {
  const own = [...operationsOf(document)].filter(([, , { tags }]) => tags.includes(name))
  const events = name === 'Events' ? Object.entries(document.webhooks) : []
  const used = schemasUsedBy(
    document,
    [own, events].map((part) => JSON.stringify(part, withoutProblems)),
  )
  const addressOf: AddressOf = (word) => (used.includes(word) ? `#${word}` : operationOrProblem(word))
  const contents = own.map(
    ([, , { operationId, summary = '' }]) =>
      `<li>${codeHtml(operationId, addressOf)} ${escapeHtml(summary)}</li>`,
  )
  return htmlPage(
    name,
    [
      `<p><a href="/docs">Reference</a></p><h1>${escapeHtml(name)}</h1>${htmlOf(description, addressOf)}`,
      `<ul>${contents.join('')}</ul>`,
      ...own.map(([path, method, operation]) =>
        operationSection(document, path, method, operation, addressOf),
      ),
      ...events.map((event) => eventSection(event, addressOf)),
      ...used.map((schema) => schemaSection(schema, document.components.schemas[schema] ?? {}, addressOf)),
    ].join('\n'),
  )
}

/** Problems are shown by their codes. */
const withoutProblems = (key: string, value: unknown): unknown => (/^[45]\d\d$/.test(key) ? undefined : value)

function operationSection(
  document: Document,
  path: string,
  method: string,
  { operationId, summary = '', description = '', parameters = [], requestBody, responses }: OperationObject,
  addressOf: AddressOf,
): string {
  const inputs = parameters.map((parameter) => {
    const {
      name = '',
      in: place,
      required,
      schema = {},
      description: about = '',
    } = resolved(document, parameter)
    const kind = `${place}${required ? ', required' : ''}`
    return [
      `<code>${escapeHtml(name)}</code> ${kind}`,
      typeHtml(schema, addressOf),
      inlineHtml(about, addressOf),
    ]
  })
  const answers = Object.entries(responses).map(([status, response]) => {
    const { description: about = '', 'x-problem-codes': codes, ...body } = resolved(document, response)
    if (codes) return [status, '', codes.map((code) => codeHtml(code, addressOf)).join(', ')]
    return [status, bodyTypes(body, addressOf), inlineHtml(about, addressOf) + exampleHtml(body)]
  })
  return `<section id="${operationId}"><h2>${method.toUpperCase()} ${escapeHtml(path)}</h2>
<p><code>${operationId}</code> <b>${escapeHtml(summary)}</b></p>
${htmlOf(description, addressOf)}
${inputs.length > 0 ? htmlTable(['parameter', 'type', 'meaning'], inputs) : ''}
${requestBody ? `<h3>Body: ${bodyTypes(requestBody, addressOf)}${requestBody.required ? '' : ', optional'}</h3>${exampleHtml(requestBody)}` : ''}
<h3>Answers</h3>${htmlTable(['status', 'type', 'meaning'], answers)}</section>`
}

function eventSection([type, { post }]: [string, PathItem], addressOf: AddressOf): string {
  const body = post?.requestBody ?? {}
  return `<section id="${type}"><h2><code>${type}</code></h2><p>${escapeHtml(post?.summary ?? '')}: ${bodyTypes(body, addressOf)}</p>${exampleHtml(body)}</section>`
}

const bodyTypes = ({ content = {} }: Body, addressOf: AddressOf): string =>
  Object.entries(content)
    .map(([type, { schema }]) => (schema?.$ref ? typeHtml(schema, addressOf) : escapeHtml(type)))
    .join(' or ')

function exampleHtml({ content = {} }: Body): string {
  const example = content['application/json']?.example
  if (example === undefined) return ''
  return `<details><summary>Example</summary><pre>${escapeHtml(JSON.stringify(example, null, 2))}</pre></details>`
}

function typeHtml(schema: Schema, addressOf: AddressOf): string {
  if (schema.$ref) return codeHtml(nameOfRef(schema.$ref), addressOf)
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (parts) return parts.map((part) => typeHtml(part, addressOf)).join(schema.allOf ? ' and ' : ' or ')
  if (schema.enum) return schema.enum.map(valueHtml).join(' or ')
  if (schema.const !== undefined) return valueHtml(schema.const)
  const bounds = boundsOf(schema)
  if (schema.items) return `list of ${typeHtml(schema.items, addressOf)}${bounds}`
  return `${[schema.type ?? 'any'].flat().join(' or ')}${schema.format ? ` (${schema.format})` : ''}${bounds}`
}

const valueHtml = (value: Json): string => `<code>${escapeHtml(JSON.stringify(value))}</code>`

/** The limits of a value in a word: `0…64 long`. */
function boundsOf(schema: Schema): string {
  const range = (low: number | undefined, high: number | undefined, unit: string) =>
    low === undefined && high === undefined ? '' : `, ${low ?? ''}…${high ?? ''}${unit}`
  return (
    range(schema.minimum, schema.maximum, '') +
    range(schema.minLength, schema.maxLength, ' long') +
    range(schema.minItems, schema.maxItems, ' entries')
  )
}

function schemaSection(name: string, schema: Schema, addressOf: AddressOf): string {
  const { description = '', properties, required = [] } = schema
  const rows = Object.entries(properties ?? {}).map(([field, part]) => [
    `<code>${escapeHtml(field)}</code>${required.includes(field) ? '' : ' optional'}`,
    typeHtml(part, addressOf),
    inlineHtml(part.description ?? '', addressOf),
  ])
  const body = properties
    ? htmlTable(['field', 'type', 'meaning'], rows)
    : `<p>${typeHtml(schema, addressOf)}</p>`
  return `<section id="${name}"><h3>${name}</h3>${htmlOf(description, addressOf)}${body}</section>`
}
