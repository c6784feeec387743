import { z } from '@hono/zod-openapi'
import { AmountMinor } from '../../../http/schemas.ts'

/** As the gateways of `src/providers/payments/gateway.ts` tell it. */
const kindOf = <Type extends string>(type: Type) =>
  z.literal(type).openapi({ example: type, description: 'Kind of action.' })
const words = (example: string, description: string) => z.string().openapi({ example, description })
const instructions = z
  .string()
  .nullable()
  .openapi({ example: null, description: 'What the gateway says to the payer.' })

export const NextAction = z
  .discriminatedUnion('type', [
    z
      .object({
        type: kindOf('redirect'),
        url: z
          .url()
          .openapi({ example: 'https://gateway.example/pay/1', description: 'Page of the gateway.' }),
      })
      .openapi('RedirectAction', { description: 'Open a page of the gateway.' }),
    z
      .object({
        type: kindOf('sdk'),
        gateway: words('stripe', 'Gateway of the SDK.'),
        publicKey: words('pk_test_1', 'Key that the SDK is opened with.'),
        clientToken: words('pi_1_secret_1', 'Token of this payment; keep it out of logs.'),
      })
      .openapi('SdkAction', {
        description: 'Hand the token to the SDK of the gateway; 3-D Secure happens there.',
      }),
    z
      .object({
        type: kindOf('display_reference'),
        code: words('7712 3344', 'Code that is paid with.'),
        payee: words('Fawry', 'Where it is paid.'),
        instructions,
      })
      .openapi('ReferenceAction', { description: 'Pay with the code at an outlet or in a banking app.' }),
    z
      .object({
        type: kindOf('qr'),
        payload: words('00020101', 'Content of the code.'),
        imageUrl: z.url().nullable().openapi({ example: null, description: 'Picture of the code.' }),
        deepLinks: z
          .array(z.string())
          .max(20)
          .openapi({ example: ['bank://pay/1'], description: 'Links into banking apps.' }),
      })
      .openapi('QrAction', { description: 'Scan the code, or follow a link into a banking app.' }),
    z
      .object({
        type: kindOf('await_push'),
        phone: words('+233551234987', 'Phone that asks.'),
        instructions,
      })
      .openapi('PushAction', { description: 'Approve on the phone.' }),
    z
      .object({
        type: kindOf('bank_transfer'),
        bankName: words('Wema Bank', 'Bank of the account.'),
        accountNumber: words('0123456789', 'Number of the account.'),
        accountName: z
          .string()
          .nullable()
          .openapi({ example: 'Khidma', description: 'Holder of the account.' }),
        exactAmountMinor: AmountMinor.openapi({
          example: 60_000,
          description: 'In minor units: no more and no less.',
        }),
      })
      .openapi('BankTransferAction', { description: 'Send exactly this amount to this account.' }),
  ])
  .openapi('NextAction', {
    description: 'What the payer does next. More types may come: an app offers another method then.',
  })
