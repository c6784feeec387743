/**
 * Takes the place of `@asteasolutions/zod-to-openapi` in the Worker's bundle (`alias` in wrangler.toml). Descriptions are for the
 * committed openapi.json, which tools write with the real module; an isolate that serves them would build every schema a second
 * time to hang them on, which was a tenth of its first request.
 */
export function extendZodWithOpenApi(zod: { ZodType: { prototype: object } }): void {
  Object.assign(zod.ZodType.prototype, { openapi: returnThis })
}

function returnThis(this: unknown): unknown {
  return this
}

/** Registers nothing. */
export class OpenAPIRegistry {
  readonly definitions: never[] = []

  registerPath(): void {}
}

const fail = (): never => {
  throw new Error('The Worker generates no document: see tools/openapi.')
}

export const getOpenApiMetadata = fail
export class OpenApiGeneratorV3 {
  generateDocument = fail
}
export class OpenApiGeneratorV31 {
  generateDocument = fail
}
