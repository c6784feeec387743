import type { TestProject } from 'vitest/node'
import { startWebhookReceiver } from '../../tools/simulators/webhook-receiver.ts'
import './provided.ts'

/** One third party's server for all tests in workerd; each test has endpoints of its own, by name. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const receiver = await startWebhookReceiver()
  project.provide('webhookReceiver', receiver.origin)
  return receiver.close
}
