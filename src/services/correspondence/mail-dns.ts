import type { DkimKey } from '../../plumbing/index.ts'

/** A record to put into the DNS, and what it is for. */
export type DnsRecord = Readonly<{ name: string; type: 'TXT'; value: string; why: string }>

/**
 * What the city's domain has to say so that its mail is believed: the key that signs (RFC 6376), who may send (RFC 7208),
 * and what to do with mail that is neither (RFC 7489). `server`: the host to which outgoing mail is handed over.
 */
export function mailDns({ domain, selector, published }: DkimKey, server?: string): readonly DnsRecord[] {
  const sends = server === undefined ? '' : ` a:${server}`
  return [
    {
      name: `${selector}._domainkey.${domain}`,
      type: 'TXT',
      value: `v=DKIM1; k=rsa; s=email; p=${published}`,
      why: 'DKIM: the public half of secrets/dkim.key, with which every mail is signed',
    },
    {
      name: domain,
      type: 'TXT',
      value: `v=spf1 mx${sends} -all`,
      why: 'SPF: who may send for this domain. Advice: if the domain has such a record already, add to it what is missing',
    },
    {
      name: `_dmarc.${domain}`,
      type: 'TXT',
      value: 'v=DMARC1; p=quarantine; adkim=s; aspf=s',
      why: 'DMARC: mail that is neither signed nor sent so is not the city’s. Advice: begin with p=none, end with p=reject',
    },
  ]
}

/** A record as a line of a zone file; a text longer than 255 bytes stands in pieces (RFC 1035). */
export function zoneLine({ name, type, value }: DnsRecord): string {
  const pieces = value.match(/.{1,250}/g) ?? []
  return `${name}. ${type} ${pieces.map((piece) => JSON.stringify(piece)).join(' ')}`
}
