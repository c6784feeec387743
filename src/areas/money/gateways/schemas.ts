import { z } from '@hono/zod-openapi'
import { servedCountries } from '../../../core/countries.ts'
import { gatewayConfigStatuses } from '../../../db/schema/money/gateways.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { gatewayMethods, gatewayNames } from '../../../providers/payments/gateway.ts'
import type { ConfigRow } from './configs.ts'

export const GatewayName = z.enum(gatewayNames).openapi('GatewayName', {
  example: 'stripe',
  description: 'A payment gateway.',
})

const GatewayMethod = z.enum(gatewayMethods).openapi('GatewayMethod', {
  example: 'card',
  description: 'A payment method that gateways take.',
})

const GatewayConfigStatus = z.enum(gatewayConfigStatuses).openapi('GatewayConfigStatus', {
  example: 'active',
  description: '`draft`: takes nothing yet. `retired`: finishes what it has begun.',
})

const serves = {
  displayName: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .openapi({ example: 'Stripe, Egypt', description: 'Name for staff.' }),
  countries: z
    .array(z.enum(Object.keys(servedCountries) as [string, ...string[]]))
    .max(50)
    .openapi({ example: ['EG'], description: 'Countries whose payments it takes; empty: all of them.' }),
  currencies: z
    .array(Currency)
    .max(50)
    .openapi({ example: ['EGP'], description: 'Currencies that it takes.' }),
  methods: z
    .array(GatewayMethod)
    .max(20)
    .openapi({ example: ['card'], description: 'Methods that it takes.' }),
  sendsPayouts: z.boolean().openapi({
    example: false,
    description:
      'Whether it pays out, in these currencies and to accounts in these countries, as far as its gateway reaches. What none can send waits for a batch.',
  }),
  weight: z.int().min(1).max(1000).openapi({
    example: 100,
    description: 'Its share of the payments and payouts that several configurations could take.',
  }),
}

export const CreateGatewayConfig = z
  .strictObject({
    gateway: GatewayName,
    ...serves,
    currencies: serves.currencies.min(1),
    methods: serves.methods.min(1),
    sendsPayouts: serves.sendsPayouts.default(false),
    weight: serves.weight.default(100),
    countries: serves.countries.default([]),
    config: z.record(z.string(), z.unknown()).openapi({
      description:
        'Secrets and addresses, as the gateway names them. They are sealed, and never shown again.',
      example: {
        secretKey: 'sk_test_example',
        publishableKey: 'pk_test_example',
        webhookSecrets: ['whsec_example'],
      },
    }),
  })
  .openapi('CreateGatewayConfig', {
    description: 'An account at a gateway, with its secrets and what it serves.',
    example: {
      gateway: 'stripe',
      displayName: 'Stripe, Egypt',
      countries: ['EG'],
      currencies: ['EGP'],
      methods: ['card'],
      weight: 100,
      config: {
        secretKey: 'sk_test_example',
        publishableKey: 'pk_test_example',
        webhookSecrets: ['whsec_example'],
      },
    },
  })

export const UpdateGatewayConfig = z
  .strictObject(serves)
  .partial()
  .openapi('UpdateGatewayConfig', {
    description: 'What the gateway serves from now on.',
    example: { weight: 50 },
  })

export const ActivateGatewayConfig = z
  .strictObject({
    replaces: Id.nullable().default(null).openapi({
      description: 'The version that it takes the place of: it is retired in the same moment.',
    }),
  })
  .openapi('ActivateGatewayConfig', {
    description: 'The version whose place it takes, if any.',
    example: { replaces: null },
  })

export const GatewayConfig = z
  .object({
    id: Id,
    gateway: GatewayName,
    status: GatewayConfigStatus,
    ...serves,
    testedAt: Timestamp.nullable().openapi({ description: 'The last live call with its secrets.' }),
    testFailure: z.string().nullable().openapi({ example: null, description: 'Why that call failed.' }),
    activatedAt: Timestamp.nullable().openapi({ description: 'Since when it takes payments.' }),
    retiredAt: Timestamp.nullable().openapi({ description: 'Since when it takes none.' }),
    failures: z.int().openapi({ example: 0, description: 'Failed calls in a row.' }),
    pausedUntil: Timestamp.nullable().openapi({
      description: 'Until then new payments go elsewhere, since its calls failed.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('GatewayConfig', { description: 'An account at a payment gateway, and what it serves.' })

export const GatewayConfigPage = pageOf(GatewayConfig, 'GatewayConfigPage')

export const GatewayConfigFilters = z.object({
  ...pageQuery,
  gateway: GatewayName.optional().openapi({ description: 'Only those of this gateway.' }),
  status: GatewayConfigStatus.optional().openapi({ description: 'Only those in this status.' }),
})

export const toGatewayConfig = ({
  config: _config,
  createdBy: _createdBy,
  ...row
}: ConfigRow): z.infer<typeof GatewayConfig> => ({
  ...row,
  countries: row.countries as z.infer<typeof GatewayConfig>['countries'],
  methods: row.methods as z.infer<typeof GatewayConfig>['methods'],
})
