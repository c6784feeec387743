const proof = 'Reads the salt of your password, where you send one.'

/**
 * Operations that make two round trips to the database, and what the first one is for. This list may only shrink;
 * docs/credentials.md repeats it.
 */
export const twoRoundTrips: Record<string, string> = {
  'auth.login': 'Reads the salt of the password that the name opens, or makes one up.',
  'me.changePassword':
    'Reads the salt of your password and your sign-in names, which the new one must not contain.',
  'me.changeUsername': proof,
  'me.changeEmail': proof,
  'me.changePhone': proof,
}

/**
 * Operations that call a payment gateway between two transactions, or need its secrets before one; docs/money.md repeats this list.
 * The work of gateways that nobody waits for is no operation.
 */
export const aroundGateways: Record<string, string> = {
  'payments.choose': 'Writes the attempt before the gateway is called, and its answer after.',
  'me.topUpWallet': 'Writes the payment and its attempt before the gateway is called, and its answer after.',
  'tips.create': 'The same, where the tip is not paid from the wallet.',
  'me.payDebts': 'The same, where they are not paid from the wallet.',
  'contracts.fund': 'The same, where escrow is not funded from the wallet.',
  'gatewayConfigs.test': 'Reads the sealed secrets with which the gateway is called.',
  'chargebacks.submitEvidence': 'Keeps the evidence before the gateway is called, and what it said after.',
  'reconciliations.run': 'Begins the day before the gateway is asked for its list, and compares it after.',
  'gateways.receiveEvent': 'Reads, twice a minute in an isolate, the secrets that gateways sign with.',
}

export const roundTripsOf = (operationId: string): number =>
  operationId in twoRoundTrips || operationId in aroundGateways ? 2 : 1
