import { z } from '@hono/zod-openapi'

/**
 * Schemas by name, each as it was named. A place that says more about a schema makes a copy of it under the same name, and the first
 * copy that the generator meets would be the component: registered before all routes, the schema itself is.
 */
export const namedSchemas = new Map<string, z.ZodType>()

const { openapi } = z.ZodType.prototype as { openapi: (...said: unknown[]) => z.ZodType }

Object.assign(z.ZodType.prototype, {
  openapi(this: z.ZodType, ...said: unknown[]): z.ZodType {
    const made = openapi.apply(this, said)
    const [name] = said
    if (typeof name === 'string' && !namedSchemas.has(name)) namedSchemas.set(name, made)
    return made
  },
})
