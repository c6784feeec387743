import { expect } from 'vitest'
import type { Element } from './xml.ts'

/**
 * The aggregates of UBL 2.1 that invoices use, written from the standard: all children in the order of its schemas, as far as an invoice may
 * need them; `!` must be there, `*` may be there more than once, `+` is both.
 */
const document = (typeCode: string, line: string, between: string) =>
  `cbc:UBLVersionID cbc:CustomizationID cbc:ProfileID cbc:ProfileExecutionID cbc:ID! cbc:CopyIndicator cbc:UUID cbc:IssueDate! cbc:IssueTime ${typeCode} cbc:Note* ${between} cac:AccountingSupplierParty! cac:AccountingCustomerParty! cac:PayeeParty cac:BuyerCustomerParty cac:SellerSupplierParty cac:TaxRepresentativeParty cac:Delivery* cac:PaymentMeans* cac:PaymentTerms* cac:TaxTotal* cac:LegalMonetaryTotal! ${line}+`
const codes =
  'cbc:DocumentCurrencyCode cbc:TaxCurrencyCode cbc:PricingCurrencyCode cbc:PaymentCurrencyCode cbc:AccountingCostCode cbc:AccountingCost cbc:LineCountNumeric cbc:BuyerReference cac:InvoicePeriod*'
const party =
  'cbc:WebsiteURI cbc:EndpointID cac:PartyIdentification* cac:PartyName* cac:Language cac:PostalAddress cac:PhysicalLocation cac:PartyTaxScheme* cac:PartyLegalEntity* cac:Contact cac:Person*'

const aggregates: Record<string, string> = {
  Invoice: document(
    'cbc:DueDate cbc:InvoiceTypeCode',
    'cac:InvoiceLine',
    `cbc:TaxPointDate ${codes} cac:OrderReference cac:BillingReference* cac:ContractDocumentReference* cac:AdditionalDocumentReference*`,
  ),
  CreditNote: document(
    'cbc:TaxPointDate cbc:CreditNoteTypeCode',
    'cac:CreditNoteLine',
    `${codes} cac:DiscrepancyResponse* cac:OrderReference cac:BillingReference* cac:ContractDocumentReference* cac:AdditionalDocumentReference*`,
  ),
  'cac:BillingReference':
    'cac:InvoiceDocumentReference cac:SelfBilledInvoiceDocumentReference cac:CreditNoteDocumentReference',
  'cac:InvoiceDocumentReference':
    'cbc:ID! cbc:CopyIndicator cbc:UUID cbc:IssueDate cbc:IssueTime cbc:DocumentTypeCode cbc:DocumentType',
  'cac:AdditionalDocumentReference':
    'cbc:ID! cbc:CopyIndicator cbc:UUID cbc:IssueDate cbc:IssueTime cbc:DocumentTypeCode cbc:DocumentType',
  'cac:AccountingSupplierParty': 'cbc:CustomerAssignedAccountID cbc:AdditionalAccountID* cac:Party',
  'cac:AccountingCustomerParty':
    'cbc:CustomerAssignedAccountID cbc:SupplierAssignedAccountID cbc:AdditionalAccountID* cac:Party',
  'cac:Party': party,
  'cac:PayeeParty': party,
  'cac:PartyName': 'cbc:Name!',
  'cac:PostalAddress':
    'cbc:ID cbc:StreetName cbc:CityName cbc:PostalZone cbc:CountrySubentity cbc:Region cac:AddressLine* cac:Country',
  'cac:AddressLine': 'cbc:Line!',
  'cac:Country': 'cbc:IdentificationCode cbc:Name',
  'cac:PartyTaxScheme':
    'cbc:RegistrationName cbc:CompanyID cbc:TaxLevelCode cbc:ExemptionReason* cac:TaxScheme!',
  'cac:PartyLegalEntity': 'cbc:RegistrationName cbc:CompanyID',
  'cac:TaxScheme': 'cbc:ID cbc:Name cbc:TaxTypeCode cbc:CurrencyCode',
  'cac:TaxTotal':
    'cbc:TaxAmount! cbc:RoundingAmount cbc:TaxEvidenceIndicator cbc:TaxIncludedIndicator cac:TaxSubtotal*',
  'cac:TaxSubtotal':
    'cbc:TaxableAmount cbc:TaxAmount! cbc:CalculationSequenceNumeric cbc:Percent cac:TaxCategory!',
  'cac:TaxCategory':
    'cbc:ID cbc:Name cbc:Percent cbc:TaxExemptionReasonCode cbc:TaxExemptionReason* cac:TaxScheme!',
  'cac:LegalMonetaryTotal':
    'cbc:LineExtensionAmount cbc:TaxExclusiveAmount cbc:TaxInclusiveAmount cbc:AllowanceTotalAmount cbc:ChargeTotalAmount cbc:PrepaidAmount cbc:PayableRoundingAmount cbc:PayableAmount!',
  'cac:InvoiceLine':
    'cbc:ID! cbc:UUID cbc:Note* cbc:InvoicedQuantity cbc:LineExtensionAmount! cac:AllowanceCharge* cac:TaxTotal* cac:Item! cac:Price',
  // Taxes come before allowances here, and after them in a line of an invoice.
  'cac:CreditNoteLine':
    'cbc:ID! cbc:UUID cbc:Note* cbc:CreditedQuantity cbc:LineExtensionAmount cac:TaxTotal* cac:AllowanceCharge* cac:Item cac:Price',
  'cac:AllowanceCharge':
    'cbc:ID cbc:ChargeIndicator! cbc:AllowanceChargeReasonCode cbc:AllowanceChargeReason* cbc:MultiplierFactorNumeric cbc:Amount! cbc:BaseAmount',
  'cac:Item': 'cbc:Description* cbc:PackQuantity cbc:Name',
  'cac:Price': 'cbc:PriceAmount! cbc:BaseQuantity',
}

/** Every element with children is of the standard: in its order, with what must be there, and nothing twice that is there once. */
export function expectUbl(element: Element): void {
  if (element.children.length === 0) return
  const parts = (aggregates[element.name] ?? '').split(' ').filter(Boolean)
  expect(parts, `${element.name} is known`).not.toHaveLength(0)
  const order = parts.map((part) => part.replace(/[!*+]$/, ''))
  const names = element.children.map(({ name }) => name)
  const places = names.map((name) => order.indexOf(name))
  expect(places, element.name).not.toContain(-1)
  expect(places, element.name).toEqual(places.toSorted((a, b) => a - b))
  for (const part of parts) {
    const name = part.replace(/[!*+]$/, '')
    const count = names.filter((one) => one === name).length
    if (/[!+]$/.test(part)) expect(count, `${name} of ${element.name}`).toBeGreaterThan(0)
    if (!/[*+]$/.test(part)) expect(count, `${name} of ${element.name}`).toBeLessThanOrEqual(1)
  }
  element.children.forEach(expectUbl)
}
