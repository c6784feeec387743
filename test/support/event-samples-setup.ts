import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { TestProject } from 'vitest/node'
import type { Emission } from '../../tools/openapi/event-samples.ts'
import { keepEmissions } from './event-samples-file.ts'
import './provided.ts'

/** With `UPDATE=1`, takes what tests in workerd have seen emitted, as those cannot write a file. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!process.env.UPDATE) {
    project.provide('emissionsTaker', null)
    return undefined
  }
  const server = createServer(async (request, response) => {
    keepEmissions((await json(request)) as Emission[])
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  project.provide('emissionsTaker', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.closeAllConnections()
    server.close()
  }
}
