import {
  type Body,
  type Document,
  nameOfRef,
  type OperationObject,
  operationsByProblem,
  operationsOf,
  type Parameter,
  type PathItem,
  resolved,
  type Schema,
  schemasUsedBy,
  slugOf,
} from './json.ts'

/** The reference as plain text, for language models and for reading without a browser: an index, and a page for each tag. */
export function pagesOf(document: Document): [path: string, text: string][] {
  const operations = [...operationsOf(document)]
  const pages = document.tags.map(({ name, description }): [string, string] => {
    const own = operations.filter(([, , { tags }]) => tags.includes(name))
    const sections = own.map(([path, method, operation]) =>
      operationSection(document, path, method, operation),
    )
    const events = name === 'Events' ? [eventSection(document.webhooks)] : []
    const named = [...sections.join('\n').matchAll(/`([A-Z]\w+)`/g)].map(
      ([, used]) => `#/components/schemas/${used}`,
    )
    const schemas = schemasUsedBy(document, named).map((used) => schemaSection(document, used))
    return [pathOf(name), paragraphs(`# ${name}`, description, ...sections, ...events, ...schemas)]
  })
  return [['llms.txt', indexOf(document)], ['llms/problems.md', problemsPage(document)], ...pages]
}

const pathOf = (tag: string): string => `llms/${slugOf(tag)}.md`
const paragraphs = (...parts: string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`
const list = (lines: string[]): string => lines.map((line) => `- ${line}`).join('\n')

/** As llmstxt.org has it: a title, a summary in a quotation, links with what is behind them. */
function indexOf({ info, tags }: Document): string {
  const { title, summary, description } = info as Record<string, string>
  return paragraphs(
    `# ${title}`,
    `> ${summary}`,
    description ?? '',
    '## Reference',
    list(tags.map((tag) => `[${tag.name}](/${pathOf(tag.name)}): ${tag.description}`)),
    '## Machine-readable',
    list([
      '[OpenAPI 3.1](/openapi.json): every operation, event and problem code.',
      '[OpenAPI 3.0.3](/openapi-3.0.json): the same without events, for tools that cannot read 3.1.',
      '[AsyncAPI 3](/asyncapi.json): the frames of the two sockets.',
      '[Problems](/llms/problems.md): every problem code, with cause, remedy and the operations that answer it.',
    ]),
    '## Optional',
    list([
      '[Reference for people](/docs): the same as pages.',
      '[Compatibility](/compatibility.md): what may change, and how it is announced.',
      '[Webhooks](/webhooks.md): how to receive and verify them.',
      '[Changelog](/changelog.md): what has changed.',
    ]),
  )
}

function problemsPage(document: Document): string {
  const answering = operationsByProblem(document)
  const sections = Object.entries(document.components.schemas.ProblemCode?.['x-problems'] ?? {}).map(
    ([code, { status, title, cause, remedy }]) =>
      paragraphs(
        `## ${code}`,
        `${status}: ${title}.`,
        `Cause: ${cause}`,
        `Remedy: ${remedy}`,
        `Answered by: ${answering[code]?.map(({ operationId }) => `\`${operationId}\``).join(', ') ?? 'sockets, or any address'}.`,
      ).trimEnd(),
  )
  return paragraphs('# Problems', 'Every refusal of this API, by its `code`.', ...sections)
}

function operationSection(
  document: Document,
  path: string,
  method: string,
  { operationId, summary, description, parameters = [], requestBody, responses }: OperationObject,
): string {
  const problems = Object.entries(responses).flatMap(([status, response]) => {
    const { 'x-problem-codes': codes = [] } = resolved(document, response)
    return codes.length > 0 ? [`${status}: ${codes.map((code) => `\`${code}\``).join(', ')}`] : []
  })
  const answers = Object.entries(responses).flatMap(([status, response]) =>
    /^[123]/.test(status) ? [`${status}${typeOfBody(response)}: ${response.description}`] : [],
  )
  const described = parameters.map((parameter) => parameterLine(resolved(document, parameter)))
  return paragraphs(
    `## ${method.toUpperCase()} ${path}`,
    `\`${operationId}\`: ${summary}. ${description}`,
    described.length > 0 ? `Parameters:\n\n${list(described)}` : '',
    requestBody ? `Body${typeOfBody(requestBody)}${requestBody.required ? '' : ', optional'}:` : '',
    requestBody ? exampleBlock(requestBody) : '',
    `Answers:\n\n${list(answers)}`,
    `Problems:\n\n${list(problems)}`,
  ).trimEnd()
}

function parameterLine({ name, in: place, required, description, schema }: Parameter): string {
  return `\`${name}\` (${place}${required ? ', required' : ''}, ${typeOf(schema ?? {})}): ${description ?? ''}`
}

function typeOfBody({ content = {} }: Body): string {
  const types = Object.entries(content).map(([type, { schema }]) => (schema?.$ref ? typeOf(schema) : type))
  return types.length > 0 ? ` (${types.join(' or ')})` : ''
}

function exampleBlock({ content = {} }: Body): string {
  const example = content['application/json']?.example
  return example === undefined ? '' : `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return `\`${nameOfRef(schema.$ref)}\``
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (parts) return parts.map(typeOf).join(schema.allOf ? ' and ' : ' or ')
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.items) return `list of ${typeOf(schema.items)}`
  return `${[schema.type ?? 'any'].flat().join(' or ')}${schema.format ? ` (${schema.format})` : ''}`
}

function eventSection(webhooks: Record<string, PathItem>): string {
  const lines = Object.entries(webhooks).map(([type, { post }]) => `\`${type}\`: ${post?.summary}.`)
  return `## Event types\n\n${list(lines)}`
}

function schemaSection({ components }: Document, name: string): string {
  const schema = components.schemas[name] ?? {}
  const { description = '', properties = {}, required = [] } = schema
  const fields = Object.entries(properties).map(
    ([field, part]) =>
      `\`${field}\` (${typeOf(part)}${required.includes(field) ? '' : ', optional'}): ${part.description ?? ''}`,
  )
  const body = fields.length > 0 ? list(fields) : `${typeOf(schema)}.`
  return paragraphs(`### ${name}`, description, body).trimEnd()
}
