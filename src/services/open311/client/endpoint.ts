import type { LookupFunction } from 'node:net'
import { lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'

/** Another government's Open311 server, as the city's files or its operator name it. */
export type Endpoint = Readonly<{
  /** The address under which `requests.xml` stands, such as `https://city.example.org/open311/v2`. */
  url: string
  jurisdiction?: string
  key?: string
  /** `xml` unless told: every server has it. */
  format?: 'xml' | 'json'
  /** Addresses of this machine and of private networks are allowed, and plain HTTP with them. Only by the operator's word. */
  insideNetwork?: boolean
  /** The other side takes the same report twice for one (Cityhall does), so that one whose fate is unknown may be sent again. */
  knowsRepeats?: boolean
}>

const inside = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inside.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, prefix, 'ipv6')

/** Whether an IP address lies inside: this machine, a private network, or none that the Internet routes (RFC 6890). */
export function isInside(address: string): boolean {
  const family = isIP(address)
  return family === 0 || inside.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The whole address of a resource; undefined where none may be asked there. Only https, no login in the address, and no
 * address of our own network: else whoever writes the list of agencies could make this server ask its neighbours.
 */
export function addressOf(endpoint: Endpoint, resource: string, query: URLSearchParams): URL | undefined {
  const base = endpoint.url.replace(/\/+$/, '')
  if (!URL.canParse(`${base}/`)) return undefined
  const address = new URL(`${base}/${resource}.${endpoint.format ?? 'xml'}`)
  address.search = query.toString()
  return mayAsk(endpoint, address) ? address : undefined
}

export function mayAsk({ insideNetwork }: Endpoint, address: URL): boolean {
  if (address.username !== '' || address.password !== '') return false
  if (insideNetwork) return address.protocol === 'https:' || address.protocol === 'http:'
  const host = address.hostname.replace(/^\[|\]$/g, '')
  return address.protocol === 'https:' && (isIP(host) === 0 || !isInside(host))
}

/** The code of the fault where a name leads inside. */
export const leadsInside = 'EINSIDE'

/**
 * Resolves a name for the very connection that is made with it, so that no second answer of the name server can lead
 * elsewhere. One address inside refuses the name.
 */
export const lookupOutside: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      done(error, '', 0)
      return
    }
    const [first] = addresses
    if (first === undefined || addresses.some(({ address }) => isInside(address))) {
      done(Object.assign(new Error('a name that leads inside'), { code: leadsInside }), '', 0)
      return
    }
    if (options.all) done(null, addresses)
    else done(null, first.address, first.family)
  })
}
